//! One line → one checked record with everything it refers to.

use std::str::FromStr as _;

use orglink_domain::catalog::Catalog;
use orglink_domain::money::Currency;
use orglink_domain::name::{check_email, check_slug, check_title, fold};
use orglink_domain::role::{AppRole, OrganizationRole, SiteRole};
use serde::de::DeserializeOwned;

use crate::record::{
    AccountRecord, Head, InvoiceRecord, OrganizationRecord, RecordType, RepositoryRecord, RoleRecord, SiteRecord,
    SubscriptionRecord, UserGroupRecord, WorkspaceRecord,
};

/// A record of any type.
#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    Account(AccountRecord),
    Organization(OrganizationRecord),
    Site(SiteRecord),
    Workspace(WorkspaceRecord),
    UserGroup(UserGroupRecord),
    Role(RoleRecord),
    Repository(RepositoryRecord),
    Subscription(SubscriptionRecord),
    Invoice(InvoiceRecord),
}

/// What is wrong with a line, and at which byte (from 1) where that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    pub column: Option<i64>,
    pub detail: String,
}

/// What a record refers to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct References {
    /// Folded addresses of accounts, which must exist before.
    pub accounts: Vec<String>,
    /// Other records, anywhere in the file or stored: (type, folded key).
    pub records: Vec<(RecordType, String)>,
}

/// Reads a line.
pub fn parse(line: &str, catalog: &Catalog) -> Result<Record, ParseError> {
    if let Some(at) = line.find("\\u0000") {
        let detail = "a NUL character cannot be kept".to_owned();
        return Err(ParseError { column: i64::try_from(at + 1).ok(), detail });
    }
    let record = match type_of(line)? {
        RecordType::Account => Record::Account(json(line)?),
        RecordType::Organization => Record::Organization(json(line)?),
        RecordType::Site => Record::Site(json(line)?),
        RecordType::Workspace => Record::Workspace(json(line)?),
        RecordType::UserGroup => Record::UserGroup(json(line)?),
        RecordType::Role => Record::Role(json(line)?),
        RecordType::Repository => Record::Repository(json(line)?),
        RecordType::Subscription => Record::Subscription(json(line)?),
        RecordType::Invoice => Record::Invoice(json(line)?),
    };
    record.check(catalog).map_err(|(value, detail)| ParseError { column: column_of(line, &value), detail })?;
    Ok(record)
}

/// The type of a record: what the line begins with, in the usual form; otherwise the line is read for it.
fn type_of(line: &str) -> Result<RecordType, ParseError> {
    let word = line.strip_prefix(r#"{"type":""#).and_then(|rest| rest.split('"').next());
    match word.map(RecordType::from_str) {
        Some(Ok(found)) => Ok(found),
        _ => Ok(json::<Head>(line)?.record_type),
    }
}

fn json<T: DeserializeOwned>(line: &str) -> Result<T, ParseError> {
    serde_json::from_str(line).map_err(|e| {
        let text = e.to_string();
        let detail = text.rsplit_once(" at line ").map_or(text.as_str(), |(detail, _)| detail).to_owned();
        ParseError { column: i64::try_from(e.column()).ok().filter(|c| *c > 0), detail }
    })
}

/// Where a string value stands in a line, from 1.
pub fn column_of(line: &str, value: &str) -> Option<i64> {
    let quoted = serde_json::to_string(value).ok()?;
    let at = line.find(&quoted).or_else(|| line.to_lowercase().find(&quoted))?;
    i64::try_from(at + 1).ok()
}

/// The value that is wrong, and how.
type Wrong = (String, String);

fn slug(given: &str) -> Result<(), Wrong> {
    check_slug(given).map(|_| ()).map_err(|e| (given.to_owned(), e.to_string()))
}

fn email(given: &str) -> Result<(), Wrong> {
    check_email(given).map(|_| ()).map_err(|e| (given.to_owned(), e.to_string()))
}

fn title(what: &'static str, given: &str) -> Result<(), Wrong> {
    check_title(what, given).map(|_| ()).map_err(|e| (given.to_owned(), e.to_string()))
}

fn words(what: &str, given: &[String]) -> Result<(), Wrong> {
    for word in given {
        let ok = !word.is_empty() && word.len() <= 100 && word.bytes().all(|b| b.is_ascii_graphic() && b != b',');
        if !ok {
            let detail = format!("a {what} has 1 to 100 printable ASCII characters without spaces or commas");
            return Err((word.clone(), detail));
        }
    }
    Ok(())
}

/// Names that differ only in case are one name.
fn each_once_folded<'n>(names: impl Iterator<Item = &'n String>) -> Result<(), Wrong> {
    let mut seen = std::collections::HashSet::new();
    for name in names {
        if !seen.insert(fold(name)) {
            return Err((name.clone(), format!("'{name}' stands here twice")));
        }
    }
    Ok(())
}

/// The years 1 to 9999, which both databases and RFC 3339 can say.
const FIRST_MOMENT: i64 = -62_135_596_800_000_000;
const LAST_MOMENT: i64 = 253_402_300_800_000_000;

impl Record {
    pub const fn record_type(&self) -> RecordType {
        match self {
            Self::Account(_) => RecordType::Account,
            Self::Organization(_) => RecordType::Organization,
            Self::Site(_) => RecordType::Site,
            Self::Workspace(_) => RecordType::Workspace,
            Self::UserGroup(_) => RecordType::UserGroup,
            Self::Role(_) => RecordType::Role,
            Self::Repository(_) => RecordType::Repository,
            Self::Subscription(_) => RecordType::Subscription,
            Self::Invoice(_) => RecordType::Invoice,
        }
    }

    /// The folded key, unique among records of its type.
    pub fn key(&self) -> String {
        match self {
            Self::Account(r) => fold(&r.email),
            Self::Organization(r) => fold(&r.slug),
            Self::Site(r) => fold(&r.slug),
            Self::Workspace(r) => fold(&r.slug),
            Self::UserGroup(r) => format!("{}/{}", fold(&r.workspace), fold(&r.slug)),
            Self::Role(r) => {
                let (kind, target) = r.target().unwrap_or(("", ""));
                format!("{kind}:{} {} {}", fold(target), fold(&r.account), r.role)
            }
            Self::Repository(r) => format!("{}/{}", fold(&r.workspace), fold(&r.slug)),
            Self::Subscription(r) => fold(&r.workspace),
            Self::Invoice(r) => format!("{}/{}", fold(&r.workspace), r.number),
        }
    }

    /// What must exist besides.
    pub fn references(&self) -> References {
        let mut found = References::default();
        let mut accounts = |list: &[String]| found.accounts.extend(list.iter().map(|e| fold(e)));
        match self {
            Self::Account(_) => {}
            Self::Organization(r) => accounts(&r.admins),
            Self::Site(r) => {
                accounts(r.admins.as_deref().unwrap_or_default());
                found.records.push((RecordType::Organization, fold(&r.organization)));
                for integration in r.integrations.iter().flatten() {
                    found.records.push((RecordType::Workspace, fold(&integration.workspace)));
                }
            }
            Self::Workspace(r) => {
                accounts(r.billing_contacts.as_deref().unwrap_or_default());
                accounts(r.technical_contacts.as_deref().unwrap_or_default());
            }
            Self::UserGroup(r) => {
                accounts(&r.members);
                found.records.push((RecordType::Workspace, fold(&r.workspace)));
            }
            Self::Role(r) => {
                accounts(std::slice::from_ref(&r.account));
                match r.target() {
                    Some(("organization", slug)) => found.records.push((RecordType::Organization, fold(slug))),
                    Some((_, target)) => {
                        let site = target.split('/').next().unwrap_or_default();
                        found.records.push((RecordType::Site, fold(site)));
                    }
                    None => {}
                }
            }
            Self::Repository(r) => {
                let workspace = fold(&r.workspace);
                if let Some(grants) = &r.grants {
                    accounts(&grants.users.keys().cloned().collect::<Vec<_>>());
                    for group in grants.groups.keys() {
                        found.records.push((RecordType::UserGroup, format!("{workspace}/{}", fold(group))));
                    }
                }
                found.records.push((RecordType::Workspace, workspace));
            }
            Self::Subscription(r) => {
                accounts(r.reseller.as_slice());
                found.records.push((RecordType::Workspace, fold(&r.workspace)));
            }
            Self::Invoice(r) => found.records.push((RecordType::Workspace, fold(&r.workspace))),
        }
        found
    }

    fn check(&self, catalog: &Catalog) -> Result<(), Wrong> {
        match self {
            Self::Account(r) => {
                email(&r.email)?;
                title("name", &r.name)
            }
            Self::Organization(r) => {
                slug(&r.slug)?;
                title("name", &r.name)?;
                if r.link_quota.is_some_and(|quota| quota < 0) {
                    return Err(("link_quota".into(), "link_quota cannot be below zero".into()));
                }
                if let Some(provider) = &r.identity_provider {
                    title("identity provider", provider)?;
                }
                words("domain", r.verified_domains.as_deref().unwrap_or_default())
            }
            Self::Site(r) => {
                slug(&r.slug)?;
                for product in r.products.iter().chain(r.integrations.iter().flatten().map(|i| &i.product)) {
                    catalog.check_product(product).map_err(|e| (product.clone(), e.into()))?;
                }
                Ok(())
            }
            Self::Workspace(r) => {
                slug(&r.slug)?;
                title("name", &r.name)?;
                if let Some(app) = &r.app {
                    catalog.check_app(app).map_err(|e| (app.clone(), e.into()))?;
                }
                if let Some(uuid) = &r.uuid {
                    uuid::Uuid::try_parse(uuid.trim_matches(['{', '}']))
                        .map_err(|_| (uuid.clone(), format!("'{uuid}' is not a UUID")))?;
                }
                if r.created_at.is_some_and(|t| !(FIRST_MOMENT..LAST_MOMENT).contains(&t.as_micros())) {
                    return Err(("created_at".into(), "created_at must be in the years 1 to 9999".into()));
                }
                words("label", r.labels.as_deref().unwrap_or_default())
            }
            Self::UserGroup(r) => {
                slug(&r.slug)?;
                title("name", &r.name)?;
                words("workspace permission", r.workspace_permissions.as_deref().unwrap_or_default())
            }
            Self::Role(r) => r.check(catalog),
            Self::Repository(r) => {
                slug(&r.slug)?;
                title("name", &r.name)?;
                if let Some(grants) = &r.grants {
                    each_once_folded(grants.groups.keys())?;
                    each_once_folded(grants.users.keys())?;
                }
                r.project.as_deref().map_or(Ok(()), |project| title("project", project))
            }
            Self::Subscription(r) => {
                known_tax(catalog, r.tax.as_deref())?;
                known_currency(catalog, r.currency)
            }
            Self::Invoice(r) => r.check(catalog),
        }
    }
}

fn known_currency(catalog: &Catalog, given: Option<Currency>) -> Result<(), Wrong> {
    match given {
        Some(currency) if !catalog.billing.currencies.contains_key(&currency) => {
            Err((currency.to_string(), format!("the catalog has no currency {currency}: add it to billing.currencies")))
        }
        _ => Ok(()),
    }
}

fn known_tax(catalog: &Catalog, given: Option<&str>) -> Result<(), Wrong> {
    match given {
        Some(tax) if !catalog.billing.taxes.contains_key(tax) => {
            Err((tax.to_owned(), format!("the catalog has no tax '{tax}': add [billing.taxes.{tax}]")))
        }
        _ => Ok(()),
    }
}

impl InvoiceRecord {
    fn check(&self, catalog: &Catalog) -> Result<(), Wrong> {
        let is_plain = self.number.trim() == self.number && !self.number.chars().any(char::is_control);
        if !is_plain || self.number.is_empty() || self.number.chars().count() > 100 {
            let detail = "a number has 1 to 100 printable characters, none of them a space at an end".to_owned();
            return Err((self.number.clone(), detail));
        }
        if self.period_from.is_some() != self.period_until.is_some() {
            return Err(("period_from".into(), "period_from and period_until stand together, or neither does".into()));
        }
        if self.period_from.zip(self.period_until).is_some_and(|(from, until)| from >= until) {
            return Err(("period_until".into(), "period_until must be after period_from".into()));
        }
        known_currency(catalog, self.currency)
    }
}

impl RoleRecord {
    /// Where the role is held: (`organization`, `site` or `app`, its key); nothing unless it is exactly one.
    pub fn target(&self) -> Option<(&'static str, &str)> {
        match (&self.organization, &self.site, &self.app) {
            (Some(slug), None, None) => Some(("organization", slug)),
            (None, Some(slug), None) => Some(("site", slug)),
            (None, None, Some(app)) => Some(("app", app)),
            _ => None,
        }
    }

    fn check(&self, catalog: &Catalog) -> Result<(), Wrong> {
        let role = || self.role.clone();
        match self.target() {
            None => Err(("role".into(), "a role is on exactly one of: organization, site, app (SITE/PRODUCT)".into())),
            Some(("organization", _)) => match OrganizationRole::from_str(&self.role) {
                Ok(OrganizationRole::Admin) => {
                    Err((role(), "admins of an organization stand in its own record, in 'admins'".into()))
                }
                Ok(_) => Ok(()),
                Err(e) => Err((role(), e.into())),
            },
            Some(("site", _)) => match SiteRole::from_str(&self.role) {
                Ok(SiteRole::Admin) => Err((role(), "admins of a site stand in its own record, in 'admins'".into())),
                Ok(SiteRole::UserAccessAdmin) => Ok(()),
                Err(e) => Err((role(), e.into())),
            },
            Some((_, app)) => {
                let (_, product) = app
                    .split_once('/')
                    .ok_or_else(|| (app.to_owned(), format!("'{app}' is not an app: write SITE/PRODUCT")))?;
                catalog.check_product(product).map_err(|e| (app.to_owned(), e.into()))?;
                AppRole::from_str(&self.role).map(|_| ()).map_err(|e| (role(), e.into()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn catalog() -> Catalog {
        crate::catalog::read(
            "default_app = 'code'\n[eligibility]\nfree_plan_blocks = 'automatic_link'\nlabels_outside_cohort = []\n[apps.code]\ntitle = 'Code'\n[products.desk]\ntitle = 'Desk'\n",
        )
        .expect("valid")
    }

    fn wrong(line: &str) -> String {
        let e = parse(line, &catalog()).expect_err(line);
        format!("{}: {}", e.column.unwrap_or(0), e.detail)
    }

    #[test]
    fn a_bad_line_says_where_and_what() {
        assert_eq!(wrong(r#"{"type":"account","email":"a@b.example""#), "39: EOF while parsing an object");
        assert_eq!(
            wrong(r#"{"type":"account","email":"a@b.example","name":"A","nick":"B"}"#),
            "57: unknown field `nick`, expected one of `type`, `email`, `name`, `verified`, `is_robot`"
        );
        assert!(wrong(r#"{"type":"planet"}"#).contains("'planet' is not a record type; expected one of: account"));
        assert!(wrong(r#"{"type":"account","email":"a@b.example"}"#).contains("missing field `name`"));
        assert!(wrong(r#"{"type":"account","type":"account","email":"a@b.example","name":"A"}"#).contains("duplicate"));
        assert!(
            wrong(r#"{"type":"account","email":"nobody","name":"A"}"#).starts_with("27: 'nobody' is not an e-mail")
        );
        assert!(wrong(r#"{"type":"site","organization":"o","slug":"s","products":["desk","x"]}"#).starts_with("65: "));
        assert!(
            wrong(r#"{"type":"repository","workspace":"w","slug":"r","name":"R","grants":{"groups":{"g":"read","g":"write"}}}"#)
                .contains("'g' stands here twice")
        );
        assert!(
            wrong(r#"{"type":"role","organization":"o","site":"s","account":"a@b.example","role":"auditor"}"#)
                .contains("exactly one")
        );
        assert!(wrong("[]").contains("expected struct Head") || wrong("[]").contains("invalid"));
    }

    proptest! {
        #[test]
        fn whatever_a_line_holds_is_read_or_refused(line in "\\PC{0,200}") {
            let _ = parse(&line, &catalog());
        }

        #[test]
        fn values_of_all_kinds_are_read_or_refused(
            record in proptest::sample::select(RecordType::ALL), field in "[a-z_]{1,12}", value in "[\\[\\]{}\",:a-z0-9.@-]{0,40}",
        ) {
            let _ = parse(&format!("{{\"type\":\"{record}\",\"{field}\":{value}}}"), &catalog());
        }

        #[test]
        fn an_account_that_is_read_is_written_the_same(
            local in "[a-zA-Z0-9.+]{1,20}", name in "[^\\p{C}]{1,40}", verified: Option<bool>, is_robot: Option<bool>,
        ) {
            prop_assume!(!name.trim().is_empty());
            let record = AccountRecord {
                tag: RecordType::Account, email: format!("{local}@b.example"), name, verified, is_robot,
            };
            let line = serde_json::to_string(&record).expect("plain data");
            prop_assert_eq!(parse(&line, &catalog()), Ok(Record::Account(record)));
        }
    }
}
