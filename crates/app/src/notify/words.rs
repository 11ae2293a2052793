//! Messages as they are kept, and back into words with the names that people have now.

use std::collections::{HashMap, HashSet};

use orglink_domain::id::AccountId;
use orglink_mail::Mail;
use orglink_store::{Tx, account};
use serde_json::Value;
use uuid::Uuid;

use crate::Error;

/// As it is kept: template and parameters.
pub(super) fn keep(says: &Mail) -> Result<String, Error> {
    serde_json::to_string(says).map_err(|_| Error::broken("a message cannot be kept"))
}

/// Kept messages with the names that their people have now; nothing for one that this program does not know (a newer
/// release wrote it).
pub(crate) async fn read_contents(tx: &mut Tx, kept: &[&str]) -> Result<Vec<Option<Mail>>, Error> {
    let mut values: Vec<Value> = kept.iter().map(|text| serde_json::from_str(text).unwrap_or_default()).collect();
    let mut ids = HashSet::new();
    for value in &values {
        collect(value, &mut ids);
    }
    let ids: Vec<AccountId> = ids.into_iter().collect();
    let names = account::list_by_ids(tx, &ids).await?.into_iter().map(|a| (a.id, a.name)).collect();
    for value in &mut values {
        fill(value, &names);
    }
    Ok(values.into_iter().map(|value| serde_json::from_value(value).ok()).collect())
}

fn id_of(value: &Value) -> Option<AccountId> {
    value.get("account")?.as_str().and_then(|id| Uuid::try_parse(id).ok()).map(AccountId)
}

fn collect(value: &Value, ids: &mut HashSet<AccountId>) {
    ids.extend(id_of(value));
    match value {
        Value::Object(fields) => fields.values().for_each(|v| collect(v, ids)),
        Value::Array(items) => items.iter().for_each(|v| collect(v, ids)),
        _ => {}
    }
}

fn fill(value: &mut Value, names: &HashMap<AccountId, String>) {
    let id = id_of(value);
    match value {
        Value::Object(fields) => {
            fields.values_mut().for_each(|v| fill(v, names));
            if let Some(id) = id {
                let name = names.get(&id).cloned().unwrap_or_else(|| "A former account".to_owned());
                fields.insert("name".to_owned(), Value::String(name));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|v| fill(v, names)),
        _ => {}
    }
}
