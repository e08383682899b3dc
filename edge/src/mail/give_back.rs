//! Ends what a token or a person may do with an address.

use super::claim::{Credentials, MailToken};
use super::scripts::{add_credentials, mail_script, owned};
use super::{Mail, MailError};
use crate::PersonId;
use crate::redis::{Script, as_ms};
use protocol::MailAddress;
use redis::Value;
use std::sync::LazyLock;
use std::time::Duration;
use tokio::task::JoinSet;

/// How long nobody else may claim an address that was given back: who still writes to its former owner learns that nobody
/// reads it.
const GIVEN_BACK_FOR: Duration = Duration::from_secs(30 * 24 * 3600);

static RENEW: LazyLock<Script> = mail_script!("prelude.lua", "owner.lua", "renew.lua");
static GIVE_BACK: LazyLock<Script> = mail_script!("prelude.lua", "owner.lua", "give_back.lua");
static ADDRESSES_OF_PERSON: LazyLock<Script> = mail_script!("addresses_of_person.lua");
static FORGET_ADDRESS: LazyLock<Script> = mail_script!("forget_address.lua");

impl Mail {
    /// Replaces an address's token, or adds the first one. The old one has ended everywhere when this returns: every call
    /// compares its token with Redis's.
    ///
    /// # Errors
    /// [`MailError::NotOwner`], [`MailError::UnknownPlace`], [`MailError::Elsewhere`], [`MailError::Link`].
    pub async fn renew_token(
        &self,
        address: MailAddress,
        proof: &Credentials,
    ) -> Result<(MailAddress, MailToken), MailError> {
        let address = self.home(address)?;
        let token = MailToken::fresh();
        let hash = token.hash();
        let renewed = self.surely(&RENEW, &address, |call| {
            add_credentials(call, Some(proof));
            call.arg(hash.hex());
        });
        match renewed.await? {
            0 => Err(MailError::NotOwner),
            _ => Ok((address, token)),
        }
    }

    /// Gives an address back: its mail is deleted, those who watch it are told, and nobody else may claim it for
    /// 30 days. The person who gave it back may.
    ///
    /// # Errors
    /// [`MailError::NotOwner`], also if an earlier call took effect and its answer was lost; [`MailError::UnknownPlace`],
    /// [`MailError::Elsewhere`], [`MailError::Link`].
    pub async fn give_back(
        &self,
        address: MailAddress,
        proof: &Credentials,
    ) -> Result<(), MailError> {
        let address = self.home(address)?;
        let given: Value = self
            .call(&GIVE_BACK, &address, |call| {
                call.confirm();
                add_credentials(call, Some(proof));
                call.arg(as_ms(GIVEN_BACK_FOR));
            })
            .await?;
        let person: String = owned(given)?;
        // Whoever claimed it by a token alone has no list of addresses.
        if let Some(person) = PersonId::of_member(&person) {
            self.forget_address(person, &address).await?;
        }
        Ok(())
    }

    /// All addresses that a person claimed and has not given back, the current one first.
    ///
    /// # Errors
    /// [`MailError::Link`].
    pub async fn addresses_of(&self, person: PersonId) -> Result<Vec<MailAddress>, MailError> {
        let call = self.of_person(&ADDRESSES_OF_PERSON, person);
        let found: Vec<String> = self.shared.link.call(&call).await?;
        let addresses = found.iter().map(|text| MailAddress::parse(text));
        Ok(addresses.flatten().collect())
    }

    /// Gives all addresses of a person back.
    ///
    /// # Errors
    /// [`MailError::Link`]; some may be given back then.
    pub async fn give_all_back(&self, person: PersonId) -> Result<(), MailError> {
        let mut calls = JoinSet::new();
        for address in self.addresses_of(person).await? {
            let mail = self.clone();
            calls.spawn(async move {
                match mail.give_back(address.clone(), &person.into()).await {
                    // Its claim has expired, its token's bearer was faster, or its region is gone.
                    Err(error) if !matches!(error, MailError::Link(_)) => {
                        mail.forget_address(person, &address).await
                    }
                    outcome => outcome,
                }
            });
        }
        calls.join_all().await.into_iter().collect()
    }

    async fn forget_address(
        &self,
        person: PersonId,
        address: &MailAddress,
    ) -> Result<(), MailError> {
        let mut call = self.of_person(&FORGET_ADDRESS, person);
        call.confirm().arg(address.to_string());
        let _forgotten: () = self.shared.link.call(&call).await?;
        Ok(())
    }
}
