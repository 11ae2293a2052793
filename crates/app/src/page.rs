//! Lists come in pages, by the key of the last item: a cursor that stays right while things are added.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use crate::Error;

/// Which part of a list.
#[derive(Debug, Clone, Default)]
pub struct PageRequest {
    after: String,
    limit: Option<i64>,
}

/// A part of a list, with the cursor of the next one.
#[derive(Debug, Clone)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
}

/// How many items a page has when nobody says.
const DEFAULT_LIMIT: i64 = 50;
/// How many it has at most.
const MAX_LIMIT: i64 = 500;

impl PageRequest {
    /// As a surface got it: an opaque cursor and a wish.
    ///
    /// # Errors
    /// When the cursor is none of ours, or the wish is out of range.
    pub fn new(cursor: Option<&str>, limit: Option<i64>) -> Result<Self, Error> {
        let after = match cursor {
            None | Some("") => String::new(),
            Some(text) => URL_SAFE_NO_PAD
                .decode(text)
                .ok()
                .and_then(|bytes| String::from_utf8(bytes).ok())
                .filter(|after| after.len() <= 400 && !after.contains('\0'))
                .ok_or_else(|| Error::field("cursor", "this cursor is not one of a page you were given"))?,
        };
        match limit {
            Some(n) if !(1..=MAX_LIMIT).contains(&n) => {
                Err(Error::field("limit", format!("a page has 1 to {MAX_LIMIT} items")))
            }
            _ => Ok(Self { after, limit }),
        }
    }

    /// The key of the last item of the page before; nothing on the first page.
    pub(crate) fn after(&self) -> &str {
        &self.after
    }

    /// The same in a list by ids.
    pub(crate) fn after_id<T>(&self, id_of: fn(Uuid) -> T) -> Result<Option<T>, Error> {
        match self.after() {
            "" => Ok(None),
            id => Uuid::try_parse(id).map(|id| Some(id_of(id))).map_err(|_| elsewhere()),
        }
    }

    /// One more than the page shows, to know whether there is a next one.
    pub(crate) fn fetch(&self) -> i64 {
        self.limit.unwrap_or(DEFAULT_LIMIT) + 1
    }

    /// Cuts what was fetched down to the page.
    pub(crate) fn page<T>(&self, mut items: Vec<T>, key: impl Fn(&T) -> String) -> Page<T> {
        let limit = usize::try_from(self.fetch() - 1).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(|last| URL_SAFE_NO_PAD.encode(key(last)));
        Page { items, next }
    }
}

/// A cursor is ours, but not of this list.
pub(crate) fn elsewhere() -> Error {
    Error::field("cursor", "this cursor is of another list")
}

impl<T> Page<T> {
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next: self.next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn whatever_comes_as_a_cursor_is_one_of_ours_or_refused(given in "\\PC{0,80}", key in "[a-z0-9@.é-]{0,80}") {
            let _ = PageRequest::new(Some(&given), None);
            let first = PageRequest::new(None, Some(1)).expect("a limit of one");
            let page = first.page(vec![key.clone(), "more".to_owned()], Clone::clone);
            let next = PageRequest::new(page.next.as_deref(), None).expect("our own cursor");
            proptest::prop_assert_eq!(next.after(), key);
        }
    }
}
