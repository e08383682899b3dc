//! The handle to networks' budgets.

use crate::NetworkId;
use crate::redis::{Keys, Link, LinkError, Script, as_ms, script};
use std::sync::LazyLock;
use std::time::Duration;

/// How long a sum is kept from a network's first report on.
const DAY: Duration = Duration::from_secs(24 * 3600);

static SPEND: LazyLock<Script> = LazyLock::new(|| script!("spend.lua"));

/// The budgets of all networks. Cheap to clone.
#[derive(Clone)]
pub struct NetworkBudgets {
    link: Link,
    keys: Keys,
    bytes_per_day: u64,
}

impl NetworkBudgets {
    pub(crate) fn new(link: Link, keys: Keys, bytes_per_day: u64) -> Self {
        Self {
            link,
            keys,
            bytes_per_day,
        }
    }

    /// Reports bytes that a network has left behind. If its budget is used up: in how long it has a new one.
    ///
    /// # Errors
    /// [`LinkError`]: report them again.
    pub async fn spend(
        &self,
        network: NetworkId,
        bytes: u64,
    ) -> Result<Option<Duration>, LinkError> {
        let mut call = SPEND.key(self.keys.network_spent(network));
        call.arg(bytes).arg(as_ms(DAY));
        let (sum, left_ms): (u64, u64) = self.link.call(&call).await?;
        Ok((sum > self.bytes_per_day).then(|| Duration::from_millis(left_ms)))
    }
}
