//! How often one client may ask.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;

use axum::http::HeaderMap;
use governor::clock::{Clock as _, DefaultClock};
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

/// A client may save up so many seconds of its rate.
const BURST: u32 = 10;

pub(crate) struct Clients {
    limiter: RateLimiter<IpAddr, HashMapStateStore<IpAddr>, DefaultClock>,
    clock: DefaultClock,
    /// The last address of `X-Forwarded-For`, which the proxy in front wrote, is the client's.
    is_behind_proxy: bool,
}

impl Clients {
    /// `rate`: requests a second.
    pub(crate) fn new(rate: NonZeroU32, is_behind_proxy: bool) -> Self {
        let burst = rate.saturating_mul(NonZeroU32::MIN.saturating_add(BURST - 1));
        let clock = DefaultClock::default();
        let limiter =
            RateLimiter::new(Quota::per_second(rate).allow_burst(burst), HashMapStateStore::default(), clock.clone());
        Self { limiter, clock, is_behind_proxy }
    }

    /// Counts a request. If it is one too many: the seconds after which the next one is not.
    pub(crate) fn admit(&self, peer: IpAddr, headers: &HeaderMap) -> Result<(), u64> {
        let forwarded = || {
            let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
            last.rsplit(',').next()?.trim().parse().ok()
        };
        let address = if self.is_behind_proxy { forwarded().unwrap_or(peer) } else { peer };
        self.limiter
            .check_key(&subscriber(address))
            .map_err(|busy| busy.wait_time_from(self.clock.now()).as_secs().saturating_add(1))
    }

    /// Forgets clients that have been quiet.
    pub(crate) fn forget_quiet(&self) {
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
    }
}

/// Whoever has an IPv6 address has the 2⁶⁴ beside it too.
fn subscriber(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
        v4 => v4,
    }
}
