//! A Redis that is in reach and takes no writes.

use super::Truth;

/// Why it takes none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Its memory is full.
    Memory,
    /// It could not save a snapshot.
    Disk,
    /// It has become a replica.
    Replica,
    /// It has too few replicas.
    Replicas,
    /// An operator paused it.
    Pause,
}

impl Refusal {
    pub const ALL: [Self; 5] = [
        Self::Memory,
        Self::Disk,
        Self::Replica,
        Self::Replicas,
        Self::Pause,
    ];

    /// Makes it refuse writes.
    pub async fn begin(self, truth: &mut Truth) {
        match self {
            Self::Memory => set(truth, "maxmemory", "1").await,
            Self::Disk => {
                std::fs::create_dir(snapshot_of(truth).await).unwrap();
                set(truth, "save", "3600 1000000").await;
                save(truth, "err").await;
            }
            Self::Replica => truth.run(&["REPLICAOF", "127.0.0.1", "1"]).await,
            Self::Replicas => set(truth, "min-replicas-to-write", "1").await,
            Self::Pause => truth.run(&["CLIENT", "PAUSE", "600000", "WRITE"]).await,
        }
    }

    /// Makes it take writes again.
    pub async fn end(self, truth: &mut Truth) {
        match self {
            Self::Memory => set(truth, "maxmemory", "0").await,
            Self::Disk => {
                std::fs::remove_dir(snapshot_of(truth).await).unwrap();
                save(truth, "ok").await;
            }
            Self::Replica => truth.run(&["REPLICAOF", "NO", "ONE"]).await,
            Self::Replicas => set(truth, "min-replicas-to-write", "0").await,
            Self::Pause => truth.run(&["CLIENT", "UNPAUSE"]).await,
        }
    }
}

async fn set(truth: &mut Truth, name: &str, value: &str) {
    truth.run(&["CONFIG", "SET", name, value]).await
}

/// Where it saves to. A folder of that name is in its way.
async fn snapshot_of(truth: &mut Truth) -> String {
    let (_, folder): (String, String) = truth.run(&["CONFIG", "GET", "dir"]).await;
    folder + "/dump.rdb"
}

/// Saves, and waits until that has come to this end.
async fn save(truth: &mut Truth, end: &str) {
    let _: String = truth.run(&["BGSAVE"]).await;
    let done = format!("rdb_last_bgsave_status:{end}");
    let wait = async {
        loop {
            let info: String = truth.run(&["INFO", "persistence"]).await;
            if info.contains("rdb_bgsave_in_progress:0") && info.contains(&done) {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(super::DEADLINE, wait).await.unwrap();
}
