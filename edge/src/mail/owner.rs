//! Claiming addresses, and whose they are.

use super::claim::{Credentials, MailToken};
use super::scripts::{add_credentials, mail_script};
use super::{Mail, MailError};
use crate::PersonId;
use crate::redis::{Call, LinkError, Script, unreadable};
use protocol::MailAddress;
use std::sync::LazyLock;
use std::time::Duration;

/// How many times to try to set a token: if the answer were lost, nobody would know it.
const TRIES_MAX: u32 = 3;
/// How long to wait for Redis between two tries.
const PATIENCE: Duration = Duration::from_secs(2);
/// The most addresses that are remembered of a person.
const ADDRESSES_MAX: usize = 100;
/// What `claim.lua` returns for an address that was given back.
const GIVEN_BACK: i64 = -1;

static CLAIM: LazyLock<Script> = mail_script!("prelude.lua", "owner.lua", "claim.lua");
static OWNS: LazyLock<Script> = mail_script!("prelude.lua", "owner.lua", "owns.lua");
static SET_ADDRESS: LazyLock<Script> = mail_script!("set_address.lua");
static ADDRESS_OF_PERSON: LazyLock<Script> = mail_script!("address_of_person.lua");

impl Mail {
    /// Claims a free address for the bearer of the returned token. Letters that came before are deleted.
    ///
    /// # Errors
    /// [`MailError::Taken`], [`MailError::GivenBack`], [`MailError::UnknownPlace`], [`MailError::Elsewhere`], [`MailError::Reserved`],
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
        let mut call = self.of_person(&SET_ADDRESS, person);
        call.confirm();
        call.arg(address.to_string()).arg(ADDRESSES_MAX);
        let _set: () = self.shared.link.call(&call).await?;
        Ok(address)
    }

    /// The address that a person claimed or selected last.
    ///
    /// # Errors
    /// [`MailError::Link`].
    pub async fn address_of(&self, person: PersonId) -> Result<Option<MailAddress>, MailError> {
        let Some(address) = self.last_address_of(person).await? else {
            return Ok(None);
        };
        let is_theirs = self.owns(&address, &person.into()).await?;
        Ok(is_theirs.then_some(address))
    }

    /// The same, without a check: it may no longer be theirs.
    pub(super) async fn last_address_of(
        &self,
        person: PersonId,
    ) -> Result<Option<MailAddress>, MailError> {
        let call = self.of_person(&ADDRESS_OF_PERSON, person);
        let found: Option<String> = self.shared.link.call(&call).await?;
        let address = found.map(|text| MailAddress::parse(&text)).transpose();
        Ok(address.map_err(|_| unreadable("a person's address"))?)
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
            Ok(address) => Ok(self.owns(&address, proof).await?),
            Err(_) => Ok(false),
        }
    }

    /// Whether the address is theirs.
    async fn owns(&self, address: &MailAddress, proof: &Credentials) -> Result<bool, LinkError> {
        self.call(&OWNS, address, |call| add_credentials(call, Some(proof)))
            .await
    }

    /// A call of a script of a person's addresses.
    pub(super) fn of_person<'a>(&self, script: &'a Script, person: PersonId) -> Call<'a> {
        let [current, all] = self.shared.keys.mail_person(person);
        let mut call = script.key(current);
        call.key(all);
        call
    }

    fn claimable(&self, address: MailAddress) -> Result<MailAddress, MailError> {
        let address = self.home(address)?;
        match address.is_reserved() {
            true => Err(MailError::Reserved),
            false => Ok(address),
        }
    }

    /// Claims an address.
    async fn claim_with(
        &self,
        address: &MailAddress,
        proof: &Credentials,
    ) -> Result<(), MailError> {
        let claimed = self.surely(&CLAIM, address, |call| {
            call.confirm();
            add_credentials(call, Some(proof));
        });
        match claimed.await? {
            GIVEN_BACK => Err(MailError::GivenBack),
            0 => Err(MailError::Taken),
            _ => Ok(()),
        }
    }

    /// Runs an idempotent script whose answer must not be lost.
    pub(super) async fn surely(
        &self,
        script: &Script,
        address: &MailAddress,
        more: impl Fn(&mut Call<'_>),
    ) -> Result<i64, MailError> {
        let mut tries = 1;
        loop {
            match self.call(script, address, &more).await {
                Ok(answer) => return Ok(answer),
                Err(LinkError::Away) if tries == 1 => return Err(LinkError::Away.into()),
                Err(error) if tries == TRIES_MAX => return Err(error.into()),
                Err(_) => tries += 1,
            }
            // If it does not come up, the next try fails.
            let _up = tokio::time::timeout(PATIENCE, self.shared.link.up()).await;
        }
    }
}
