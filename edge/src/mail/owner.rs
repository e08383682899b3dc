//! Claiming addresses.

use super::claim::{Credentials, MailToken};
use super::scripts::{add_credentials, mail_script};
use super::{Mail, MailError};
use crate::PersonId;
use crate::redis::{LinkError, unreadable};
use protocol::MailAddress;
use redis::Script;
use std::sync::LazyLock;
use std::time::Duration;

/// How many times to try a claim: if its answer were lost, nobody would know the address's token.
const CLAIMS_TRIED: u32 = 3;
/// How long to wait for Redis between two tries.
const PATIENCE: Duration = Duration::from_secs(2);

static CLAIM: LazyLock<Script> = mail_script!("prelude.lua", "owner.lua", "claim.lua");
static OWNS: LazyLock<Script> = mail_script!("prelude.lua", "owner.lua", "owns.lua");
static SET_ADDRESS: LazyLock<Script> = mail_script!("set_address.lua");
static ADDRESS_OF_PERSON: LazyLock<Script> = mail_script!("address_of_person.lua");

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
        let mut call = SET_ADDRESS.key(self.shared.keys.mail_person(person));
        call.arg(address.to_string());
        let _set: () = self.shared.link.call(&call).await?;
        Ok(address)
    }

    /// The address that a person claimed or selected last.
    ///
    /// # Errors
    /// [`MailError::Link`].
    pub async fn address_of(&self, person: PersonId) -> Result<Option<MailAddress>, MailError> {
        let call = ADDRESS_OF_PERSON.key(self.shared.keys.mail_person(person));
        let found: Option<String> = self.shared.link.call(&call).await?;
        let Some(text) = found else {
            return Ok(None);
        };
        let address = MailAddress::parse(&text).map_err(|_| unreadable("a person's address"))?;
        // It may no longer be theirs.
        let is_theirs = self.owns(&OWNS, &address, &person.into()).await?;
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
            Ok(address) => Ok(self.owns(&OWNS, &address, proof).await?),
            Err(_) => Ok(false),
        }
    }

    /// Runs a script that takes only the caller's credentials; returns whether the address is theirs afterwards.
    async fn owns(
        &self,
        script: &Script,
        address: &MailAddress,
        proof: &Credentials,
    ) -> Result<bool, LinkError> {
        self.call(script, address, |call| add_credentials(call, Some(proof)))
            .await
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
            match self.owns(&CLAIM, address, proof).await {
                Ok(true) => return Ok(()),
                Ok(false) => return Err(MailError::Taken),
                Err(LinkError::Away) if tries == 1 => return Err(LinkError::Away.into()),
                Err(error) if tries == CLAIMS_TRIED => return Err(error.into()),
                Err(_) => tries += 1,
            }
            // If it does not come up, the next try fails.
            let _up = tokio::time::timeout(PATIENCE, self.shared.link.up()).await;
        }
    }
}
