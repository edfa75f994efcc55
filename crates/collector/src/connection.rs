//! A store that is opened when it is needed, and again after it was lost.

use std::sync::Arc;

use tracing::{debug, error};

use crate::outage::Outages;
use crate::store::{Store, StoreAddress, StoreError};

pub(crate) struct Connection {
    address: StoreAddress,
    apart_limit: u64,
    store: Option<Store>,
    number: u32,
    outages: Arc<Outages>,
}

impl Connection {
    pub(crate) fn new(address: StoreAddress, apart_limit: u64) -> Self {
        let outages = Arc::new(Outages::default());
        Self { address, apart_limit, store: None, number: outages.number(), outages }
    }

    /// Another one to the same store.
    pub(crate) fn another(&self) -> Self {
        let (address, outages) = (self.address.clone(), Arc::clone(&self.outages));
        Self { address, apart_limit: self.apart_limit, store: None, number: outages.number(), outages }
    }

    /// Where it is said that the store fails, and this connection's number there.
    pub(crate) fn outages(&self) -> (Arc<Outages>, u32) {
        (Arc::clone(&self.outages), self.number)
    }

    /// Does `work` as [`Self::twice`] does, and says in the log what came of it, if that is new.
    pub(crate) fn with<T>(&mut self, work: impl FnMut(&mut Store) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let (result, opening) = self.twice(work);
        match &result {
            Ok(_) => self.outages.worked(self.number, opening == Opening::Done),
            Err(error) if error.is_outage() => self.outages.failed(self.number, opening == Opening::Failed, error),
            Err(error) if error.is_refusal() => {}
            Err(error) => error!(error = error.to_string(), "the store failed"),
        }
        result
    }

    /// Does `work`, a second time over a new connection if the database fails the first time: it may have restarted,
    /// or have ended one of two transactions that waited for each other. `work` must be harmless when done twice.
    pub(crate) fn twice<T>(
        &mut self,
        mut work: impl FnMut(&mut Store) -> Result<T, StoreError>,
    ) -> (Result<T, StoreError>, Opening) {
        match self.once(&mut work) {
            (Err(error), _) if error.is_from_database() => {
                debug!(error = error.to_string(), "the store failed; trying again");
                self.once(&mut work)
            }
            done => done,
        }
    }

    fn once<T>(
        &mut self,
        work: &mut impl FnMut(&mut Store) -> Result<T, StoreError>,
    ) -> (Result<T, StoreError>, Opening) {
        let (mut store, opening) = match self.store.take() {
            Some(store) => (store, Opening::NotNeeded),
            None => match Store::open(&self.address, self.apart_limit) {
                Ok(store) => (store, Opening::Done),
                Err(error) => return (Err(error), Opening::Failed),
            },
        };
        let result = work(&mut store);
        if !matches!(&result, Err(error) if error.is_from_database()) {
            self.store = Some(store);
        }
        (result, opening)
    }
}

/// Of a connection, before something is done over it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Opening {
    NotNeeded,
    Done,
    Failed,
}
