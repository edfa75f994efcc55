//! A store that is opened when it is needed, and again after it was lost.

use tracing::warn;

use crate::store::{Store, StoreAddress, StoreError};

pub(crate) struct Connection {
    address: StoreAddress,
    apart_limit: u64,
    store: Option<Store>,
}

impl Connection {
    pub(crate) fn new(address: StoreAddress, apart_limit: u64) -> Self {
        Self { address, apart_limit, store: None }
    }

    /// Does `work`, a second time over a new connection if the database fails the first time: it may have restarted,
    /// or have ended one of two transactions that waited for each other. `work` must be harmless when done twice.
    pub(crate) fn with<T>(
        &mut self,
        mut work: impl FnMut(&mut Store) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match self.once(&mut work) {
            Err(error) if error.is_from_database() => {
                warn!(%error, "the store failed; trying again");
                self.once(&mut work)
            }
            result => result,
        }
    }

    fn once<T>(&mut self, work: &mut impl FnMut(&mut Store) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut store = match self.store.take() {
            Some(store) => store,
            None => Store::open(&self.address, self.apart_limit)?,
        };
        let result = work(&mut store);
        if !matches!(&result, Err(error) if error.is_from_database()) {
            self.store = Some(store);
        }
        result
    }
}
