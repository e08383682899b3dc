//! Whose letters an owner does not accept.

use super::claim::Credentials;
use super::scripts::{add_credentials, mail_script, owned};
use super::{Mail, MailError};
use crate::redis::Script;
use protocol::{MailAddress, MailBlocks};

use std::sync::LazyLock;

/// The most blocks of an address.
const BLOCKS_MAX: usize = 500;
/// How the fields begin that name what is blocked, beside the owner's others.
const FIELD: &str = "b:";
/// How a cluster is told from a sender there; no address begins like this.
const CLUSTER: char = '@';
/// The field for all unverified senders.
const UNVERIFIED: &str = "?";

static BLOCK: LazyLock<Script> = mail_script!("prelude.lua", "owner.lua", "block.lua");
static BLOCKS: LazyLock<Script> = mail_script!("prelude.lua", "owner.lua", "blocks.lua");

/// Whose letters to accept or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailBlock {
    /// This sender's.
    Sender(MailAddress),
    /// Those of all senders in the other cluster with that name.
    Cluster(String),
    /// Those of all unverified senders.
    Unverified,
}

impl MailBlock {
    fn field(&self) -> String {
        match self {
            Self::Sender(address) => format!("{FIELD}{address}"),
            Self::Cluster(name) => format!("{FIELD}{CLUSTER}{name}"),
            Self::Unverified => format!("{FIELD}{UNVERIFIED}"),
        }
    }
}

impl Mail {
    /// Whose letters an address does not accept, in order.
    ///
    /// # Errors
    /// [`MailError::NotOwner`], [`MailError::UnknownPlace`], [`MailError::Elsewhere`], [`MailError::Link`].
    pub async fn blocks(
        &self,
        address: MailAddress,
        proof: &Credentials,
    ) -> Result<MailBlocks, MailError> {
        let address = self.home(address)?;
        let value = self
            .call(&BLOCKS, &address, |call| add_credentials(call, Some(proof)))
            .await?;
        let mut fields: Vec<String> = owned(value)?;
        fields.sort();
        let mut blocks = MailBlocks::default();
        for name in fields.iter().filter_map(|field| field.strip_prefix(FIELD)) {
            match name.strip_prefix(CLUSTER) {
                Some(cluster) => blocks.clusters.push(cluster.to_owned()),
                None if name == UNVERIFIED => blocks.unverified = true,
                None => blocks.senders.extend(MailAddress::parse(name).ok()),
            }
        }
        Ok(blocks)
    }

    /// Makes an address accept no letters of somebody. What came before stays.
    ///
    /// # Errors
    /// As [`blocks`](Self::blocks); [`MailError::Reserved`], as servers must be able to send notices;
    /// [`MailError::UnknownCluster`]; [`MailError::TooManyBlocks`].
    pub async fn block(
        &self,
        address: MailAddress,
        proof: &Credentials,
        whom: MailBlock,
    ) -> Result<(), MailError> {
        let whom = match whom {
            MailBlock::Sender(sender) if sender.is_postmaster() => return Err(MailError::Reserved),
            MailBlock::Sender(sender) => MailBlock::Sender(self.resolve(sender)?),
            MailBlock::Cluster(name) if self.peers().named(&name).is_none() => {
                return Err(MailError::UnknownCluster);
            }
            whom => whom,
        };
        self.set_block(address, proof, &whom, true).await
    }

    /// Makes an address accept somebody's letters again.
    ///
    /// # Errors
    /// As [`blocks`](Self::blocks).
    pub async fn unblock(
        &self,
        address: MailAddress,
        proof: &Credentials,
        whom: MailBlock,
    ) -> Result<(), MailError> {
        let whom = match whom {
            // Their place may no longer be known.
            MailBlock::Sender(sender) => {
                MailBlock::Sender(self.resolve(sender.clone()).unwrap_or(sender))
            }
            whom => whom,
        };
        self.set_block(address, proof, &whom, false).await
    }

    async fn set_block(
        &self,
        address: MailAddress,
        proof: &Credentials,
        whom: &MailBlock,
        is_blocked: bool,
    ) -> Result<(), MailError> {
        let address = self.home(address)?;
        let value = self
            .call(&BLOCK, &address, |call| {
                call.confirm();
                add_credentials(call, Some(proof));
                call.arg(whom.field())
                    .arg(u8::from(is_blocked))
                    .arg(BLOCKS_MAX);
            })
            .await?;
        owned::<String>(value).map(drop)
    }
}
