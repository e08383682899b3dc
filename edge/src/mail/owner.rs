//! Claiming addresses.

use super::claim::{Credentials, MailToken};
use super::{Mail, MailError};
use crate::PersonId;
use crate::redis::LinkError;
use protocol::MailAddress;
use std::time::Duration;

/// How many times to try a claim: if its answer were lost, nobody would know the address's token.
const CLAIMS_TRIED: u32 = 3;
/// How long to wait for Redis between two tries.
const PATIENCE: Duration = Duration::from_secs(2);

impl Mail {
    /// Claims a free address for the bearer of the returned token. Letters that came before are deleted.
    ///
    /// # Errors
    /// [`MailError::Taken`], [`MailError::UnknownPlace`], [`MailError::Elsewhere`], [`MailError::Reserved`],
    /// [`MailError::Link`].
    pub async fn claim(&self, address: MailAddress) -> Result<(MailAddress, MailToken), MailError> {
        let address = self.claimable(address)?;
        let token = MailToken::fresh();
        self.claim_with(&address, &Credentials::from(&token))
            .await?;
        Ok((address, token))
    }

    /// Claims a free address for a person, or selects one that is already theirs: [`address_of`](Self::address_of)
    /// returns it from then on.
    ///
    /// # Errors
    /// As [`claim`](Self::claim).
    pub async fn claim_for(
        &self,
        person: PersonId,
        address: MailAddress,
    ) -> Result<MailAddress, MailError> {
        let address = self.claimable(address)?;
        self.claim_with(&address, &Credentials::from(person))
            .await?;
        self.store().set_address(person, &address).await?;
        Ok(address)
    }

    /// The address that a person claimed or selected last.
    ///
    /// # Errors
    /// [`MailError::Link`].
    pub async fn address_of(&self, person: PersonId) -> Result<Option<MailAddress>, MailError> {
        let Some(address) = self.store().address_of_person(person).await? else {
            return Ok(None);
        };
        let is_theirs = self.store().owns(&address, &person.into()).await?;
        Ok(is_theirs.then_some(address))
    }

    /// Whether these credentials are those of the address's owner.
    ///
    /// # Errors
    /// [`MailError::Link`].
    pub async fn is_owner(
        &self,
        address: &MailAddress,
        proof: &Credentials,
    ) -> Result<bool, MailError> {
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

    /// Claims an address; retries if the answer was lost, as claiming is idempotent.
    async fn claim_with(
        &self,
        address: &MailAddress,
        proof: &Credentials,
    ) -> Result<(), MailError> {
        let mut tries = 1;
        loop {
            match self.store().claim(address, proof).await {
                Ok(true) => return Ok(()),
                Ok(false) => return Err(MailError::Taken),
                Err(LinkError::Away) if tries == 1 => return Err(LinkError::Away.into()),
                Err(error) if tries == CLAIMS_TRIED => return Err(error.into()),
                Err(_) => tries += 1,
            }
            // If it does not come up, the next try fails.
            let _up = tokio::time::timeout(PATIENCE, self.link().up()).await;
        }
    }
}
