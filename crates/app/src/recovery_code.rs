//! Recovery codes: put away on paper, for the day when everything else is lost. Ten, each for once.

use orglink_domain::digest::Digest;
use orglink_domain::event::{EventType, NewEvent};
use orglink_domain::id::AccountId;
use orglink_store::{event, in_write, sign_in};
use serde_json::json;

use crate::secret::random;
use crate::{App, Error, Principal};

/// How many there are at a time.
pub const CODES: usize = 10;
/// No letter or digit that is taken for another.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Five bits each: 100 bits.
const LETTERS: usize = 20;

/// Makes new codes in place of those there were. They are shown this once; only their hashes are kept.
///
/// # Errors
/// When the database is not reachable.
pub async fn create_recovery_codes(app: &App, principal: &Principal) -> Result<Vec<String>, Error> {
    let owner = principal.account()?.id;
    let at = app.now();
    let codes = (0..CODES).map(|_| new_code()).collect::<Result<Vec<_>, Error>>()?;
    let hashes: Vec<Digest> = codes.iter().map(|code| hash_of_code(owner, code)).collect();
    in_write!(app.db, tx, {
        sign_in::replace_recovery_codes(tx, owner, &hashes, at).await?;
        let happened = NewEvent {
            kind: EventType::RecoveryCodesCreated,
            organization_id: None,
            workspace_id: None,
            payload: json!({ "account": owner, "count": CODES }),
        };
        event::append(tx, app.origin(principal.actor(), at), happened, None).await?;
        Ok::<(), Error>(())
    })?;
    Ok(codes)
}

/// How many codes the one who asks has left, and how many they were given.
///
/// # Errors
/// When the database is not reachable.
pub async fn count_recovery_codes(app: &App, principal: &Principal) -> Result<(i64, i64), Error> {
    let mut tx = app.db.begin_read().await?;
    Ok(sign_in::count_recovery_codes(&mut tx, principal.account()?.id).await?)
}

/// `xxxxx-xxxxx-xxxxx-xxxxx`
fn new_code() -> Result<String, Error> {
    let letters = random()?.into_iter().take(LETTERS).filter_map(|b| ALPHABET.get(usize::from(b % 32)));
    let mut code = String::new();
    for (i, letter) in letters.enumerate() {
        if i > 0 && i % 5 == 0 {
            code.push('-');
        }
        code.push(char::from(*letter));
    }
    Ok(code)
}

/// What is kept of a code, however it was typed. With 100 random bits a plain digest is enough, as for tokens.
pub(crate) fn hash_of_code(account: AccountId, typed: &str) -> Digest {
    let code: String = typed.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    Digest::of(&[b"orglink-recovery\0", account.0.as_bytes(), code.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_recognised_however_it_is_typed() {
        let account = AccountId(uuid::Uuid::nil());
        let code = new_code().expect("randomness");
        assert_eq!(code.len(), 23);
        assert_ne!(code, new_code().expect("randomness"));
        let typed = format!(" {} ", code.replace('-', " ").to_uppercase());
        assert_eq!(hash_of_code(account, &code), hash_of_code(account, &typed));
        assert_ne!(hash_of_code(account, &code), hash_of_code(AccountId(uuid::Uuid::max()), &code));
    }
}
