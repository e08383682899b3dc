//! Who has which address.

use super::claim::{MailToken, Proof};
use super::{Mail, MailError};
use crate::PersonId;
use crate::redis::LinkError;
use protocol::MailAddress;
use std::time::Duration;

/// How often a claim is tried: should its answer be lost, nobody would know the token of a claimed address.
const CLAIMS_TRIED: u32 = 3;
/// How long to wait for Redis between two tries.
const PATIENCE: Duration = Duration::from_secs(2);

impl Mail {
    /// Claims a free address for whoever will have the token. What came before is gone.
    ///
    /// # Errors
    /// [`MailError::Taken`], [`MailError::UnknownPlace`], [`MailError::Elsewhere`], [`MailError::Reserved`],
    /// [`MailError::Link`].
    pub async fn claim(&self, address: MailAddress) -> Result<(MailAddress, MailToken), MailError> {
        let address = self.claimable(address)?;
        let token = MailToken::fresh();
        self.claim_with(&address, &Proof::from(&token)).await?;
        Ok((address, token))
    }

    /// Claims a free address for a person, or takes up one that is theirs already: it is the one that
    /// [`address_of`](Self::address_of) names from then on.
    ///
    /// # Errors
    /// As [`claim`](Self::claim).
    pub async fn claim_for(
        &self,
        person: PersonId,
        address: MailAddress,
    ) -> Result<MailAddress, MailError> {
        let address = self.claimable(address)?;
        self.claim_with(&address, &Proof::from(person)).await?;
        self.store().take_up(person, &address).await?;
        Ok(address)
    }

    /// The address that a person took up last.
    ///
    /// # Errors
    /// [`MailError::Link`].
    pub async fn address_of(&self, person: PersonId) -> Result<Option<MailAddress>, MailError> {
        let Some(address) = self.store().taken_up(person).await? else {
            return Ok(None);
        };
        let is_theirs = self.store().owns(&address, &person.into()).await?;
        Ok(is_theirs.then_some(address))
    }

    /// Whether an address is claimed, and theirs who bring that proof.
    ///
    /// # Errors
    /// [`MailError::Link`].
    pub async fn is_owner(&self, address: &MailAddress, proof: &Proof) -> Result<bool, MailError> {
        match self.home(address.clone()) {
            Ok(address) => Ok(self.store().owns(&address, proof).await?),
            Err(_) => Ok(false),
        }
    }

    fn claimable(&self, address: MailAddress) -> Result<MailAddress, MailError> {
        let address = self.home(address)?;
        match address.is_reserved() {
            true => Err(MailError::Reserved),
            false => Ok(address),
        }
    }

    /// Claims an address; again where the answer was lost, which changes nothing then.
    async fn claim_with(&self, address: &MailAddress, proof: &Proof) -> Result<(), MailError> {
        let mut tries = 1;
        loop {
            match self.store().claim(address, proof).await {
                Ok(true) => return Ok(()),
                Ok(false) => return Err(MailError::Taken),
                Err(LinkError::Away) if tries == 1 => return Err(LinkError::Away.into()),
                Err(error) if tries == CLAIMS_TRIED => return Err(error.into()),
                Err(_) => tries += 1,
            }
            // Where it does not come up, the next try says so.
            let _up = tokio::time::timeout(PATIENCE, self.link().up()).await;
        }
    }
}
