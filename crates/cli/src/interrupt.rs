//! Ctrl-C and `kill`: the first such signal lets a run remove what it has written aside, the
//! second ends it at once.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use signal_hook::consts::TERM_SIGNALS;
use signal_hook::{flag, low_level};

/// The signal that came, 0 for none.
static CAUGHT: OnceLock<Arc<AtomicUsize>> = OnceLock::new();

/// From here on the first signal is only noted.
pub(crate) fn catch() -> io::Result<()> {
    let (is_second, number) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    for &signal in TERM_SIGNALS {
        // Handlers run in this order: the first time the flag is still down.
        flag::register_conditional_default(signal, Arc::clone(&is_second))?;
        flag::register(signal, Arc::clone(&is_second))?;
        flag::register_usize(signal, Arc::clone(&number), signal as usize)?;
    }
    CAUGHT.get_or_init(|| number);
    Ok(())
}

/// The signal that came, if one did.
pub(crate) fn caught() -> Option<i32> {
    let number = CAUGHT.get()?.load(Ordering::Relaxed);
    i32::try_from(number).ok().filter(|signal| *signal != 0)
}

/// Ends the process as `signal` would have, so that whoever started it sees why. Returns if the system cannot.
pub(crate) fn end_by(signal: i32) {
    let _ = low_level::emulate_default_handler(signal);
}
