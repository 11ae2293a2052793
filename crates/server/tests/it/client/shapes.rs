//! Every typed shape holds all that the API says, and every word of its lists is known. What the API says newly belongs into
//! `crates/client/src/v1/` as well; until then this test names it.

use orglink_client::v1::account::{Me, MyOrganization, MyWorkspace};
use orglink_client::v1::billing;
use orglink_client::v1::billing_accounts::{Bill, BillListed, BillingAccount, BillingAccountListed, RequestKind};
use orglink_client::v1::campaigns::{self, CampaignStatus, Decision};
use orglink_client::v1::domains::{self, Checked, ClaimPreview, Domain, DomainAccount, ManagedAccount};
use orglink_client::v1::eligibility::{self, Eligibility, LinkableWorkspace};
use orglink_client::v1::entitlements::{Condition, ConditionCode, Entitlement};
use orglink_client::v1::events::Event;
use orglink_client::v1::links::{self, Link, Linked, UndoPlan, Undone};
use orglink_client::v1::organizations::{self, Apps, LinkedWorkspace, Organization, OrganizationDetail};
use orglink_client::v1::plans::{EvidenceKind, LinkPlan, WarningCode};
use orglink_client::v1::proposals::{self, Consented, Proposal, ProposalListed};
use orglink_client::v1::tokens::{self, Token};
use orglink_client::v1::users::{self, UsersCampaign, UsersMigration, UsersPlan};
use orglink_client::v1::workspaces::{self, Timeline, Workspace, WorkspaceDetail};
use orglink_client::{Page, Problem};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::*;
use crate::billing::PAYS;
use crate::billing::invoices::migrated;

/// The shape, which says again exactly what was said.
fn holds<T: Serialize + DeserializeOwned>(said: &Value) -> T {
    let typed: T = serde_json::from_value(said.clone()).unwrap_or_else(|e| panic!("{e}: {said:#}"));
    let again = serde_json::to_value(&typed).unwrap();
    assert!(again == *said, "the API says\n{said:#}\nthe client\n{again:#}");
    typed
}

/// The same of what is at a path.
async fn at<T: Serialize + DeserializeOwned>(client: &Client, path: &str) -> T {
    holds(&client.get::<Value>(path).await.unwrap_or_else(|e| panic!("{path}: {e}")))
}

/// The same of a list, which has something in it.
async fn list<T: Serialize + DeserializeOwned>(client: &Client, path: &str) -> Vec<T> {
    let page: Page<T> = at(client, path).await;
    assert!(!page.items.is_empty(), "{path} is empty");
    page.items
}

both! {
    async fn answers_of_users_migrating(world) {
        let world = world.with_company().await;
        let (ada, ben) = (client(&world, ADA).await, client(&world, "ben@meridian.example").await);
        world.link(ADA, "atlas-platform", "meridian").await.unwrap();
        world.link(ADA, "docs-site", "meridian").await.unwrap();
        let (own, path) = (json!({}), "/workspaces/atlas-platform/users-migration");
        let said: Value = ada.post(&format!("{path}/plan"), &json!({}), None).await.unwrap();
        let plan: UsersPlan = holds(&said);
        assert_eq!(ada.plan_users("atlas-platform", &own).await.unwrap().digest, plan.digest);
        ada.migrate_users("atlas-platform", &own, &plan).await.unwrap();
        let done: UsersMigration = at(&ada, path).await;
        assert_eq!((done.plan_digest, done.groups.len()), (plan.digest, 2));
        let plan = ada.plan_users("docs-site", &own).await.unwrap();
        let proposed = ada.propose_users_migration("docs-site", &own, &plan).await.unwrap();
        at::<Proposal>(&ben, &format!("/proposals/{}", proposed.summary.id)).await;
        let definition = json!({ "name": "users", "title": "Users", "purpose": "users", "announce_on": "2026-01-04", "link_by": "2026-03-01", "automatic_from": "2026-03-02", "automatic": { "minimum_notice": "30d" } });
        let operator = orglink_app::Principal::local_operator();
        let definition = orglink_app::campaign::parse_definition(definition).unwrap();
        orglink_app::campaign::create_campaign(&world.app, &operator, &definition, None).await.unwrap();
        orglink_app::campaign::run_campaign(&world.app, &operator, "users").await.unwrap();
        let of_workspace: UsersCampaign = at(&ada, "/workspaces/docs-site/users-migration/agreement").await;
        assert_eq!(ada.view_workspace_users_agreement("docs-site").await.unwrap(), of_workspace);
        let of_organization: UsersCampaign = at(&ada, "/organizations/meridian/users-migration/agreement").await;
        assert_eq!(ada.view_organization_users_agreement("meridian").await.unwrap(), of_organization);
    }

    async fn answers_of_billing_accounts(world) {
        let (world, account) = migrated(world).await;
        let (pays, ada) = (client(&world, PAYS).await, client(&world, ADA).await);
        list::<BillingAccountListed>(&ada, "/organizations/meridian/billing-accounts").await;
        list::<BillingAccountListed>(&pays, "/me/billing-accounts").await;
        let path = format!("/billing-accounts/{account}");
        pays.post::<()>(&format!("{path}/payer"), &json!({ "email": "zoe@harbor.example" }), None).await.unwrap();
        let zoe = client(&world, "zoe@harbor.example").await;
        at::<BillingAccount>(&pays, &path).await;
        let asked = zoe.view_billing_account(&account).await.unwrap().request.unwrap();
        assert_eq!((&asked.kind, asked.may_agree), (&RequestKind::Payer, true));
        let other = serde_json::from_value(json!({ "billing_account": account, "name": "", "kind": "payer", "who": "", "may_agree": true, "digest": format!("sha256:{}", "0".repeat(64)), "expires_at": "" }));
        assert_eq!(code(zoe.agree_to_billing_request(&other.unwrap()).await), "plan_changed");
        zoe.agree_to_billing_request(&asked).await.unwrap();
        assert_eq!(pays.view_billing_account(&account).await.unwrap().payer.as_deref(), Some("zoe@harbor.example"));
        assert_eq!(code(pays.end_billing_request(&asked).await), "no_request");
        world.clock.advance(30 * DAY);
        let (pays, olga) = (client(&world, PAYS).await, client(&world, OLGA).await);
        olga.post::<Value>("/operator/invoices", &json!({}), None).await.unwrap();
        let bills = list::<BillListed>(&pays, &format!("{path}/invoices")).await;
        let bill: Bill = at(&pays, &format!("/invoices/{}", bills[0].number)).await;
        assert_eq!(list::<Bill>(&olga, "/operator/invoices").await, [bill]);
    }

    async fn answers_of_reading(world) {
        let world = world.with_company().await;
        make_operator(&world).await;
        let (ada, olga) = (client(&world, ADA).await, client(&world, OLGA).await);
        world.link(ADA, "docs-site", "meridian").await.unwrap();
        at::<Me>(&ada, "/me").await;
        list::<MyWorkspace>(&ada, "/me/workspaces").await;
        list::<MyOrganization>(&ada, "/me/organizations").await;
        list::<Workspace>(&ada, "/workspaces").await;
        let page: Page<Workspace> = at(&ada, "/workspaces?limit=2").await;
        assert!(page.next.is_some());
        for workspace in ["docs-site", "atlas-mobile", "ada-brandt", "old-billing"] {
            at::<WorkspaceDetail>(&ada, &format!("/workspaces/{workspace}")).await;
            at::<Eligibility>(&ada, &format!("/workspaces/{workspace}/eligibility?organization=meridian-labs")).await;
            let features = list::<Entitlement>(&ada, &format!("/workspaces/{workspace}/entitlements")).await;
            let unknown = |c: &&Condition| matches!(c.code, ConditionCode::Other(_));
            assert_eq!(features.iter().flat_map(|f| &f.conditions).find(unknown), None);
        }
        let packages: Entitlement = at(&ada, "/workspaces/atlas-mobile/entitlements/packages").await;
        assert!(packages.failing().any(|c| c.code == ConditionCode::Linked && !c.steps.is_empty()), "{packages:?}");
        let typed = ada.explain_entitlement("atlas-mobile", "packages").await.unwrap();
        assert_eq!(typed, packages);
        list::<LinkableWorkspace>(&ada, "/eligibility").await;
        at::<billing::Billing>(&ada, "/workspaces/docs-site/billing").await;
        at::<billing::Preview>(&ada, "/billing/preview?organization=meridian&workspaces=hackdays").await;
        at::<Timeline>(&ada, "/workspaces/docs-site/timeline").await;
        world.import(r#"{"type":"invoice","workspace":"docs-site","number":"1","issued_on":"2026-01-01","net":"1","state":"open"}"#).await.unwrap();
        list::<billing::Invoice>(&ada, "/workspaces/docs-site/billing/invoices").await;
        list::<Organization>(&ada, "/organizations").await;
        at::<OrganizationDetail>(&ada, "/organizations/meridian").await;
        // An operator sees less of what is not theirs.
        at::<OrganizationDetail>(&olga, "/organizations/meridian").await;
        at::<WorkspaceDetail>(&olga, "/workspaces/docs-site").await;
        let apps: Apps = at(&ada, "/organizations/meridian/apps").await;
        assert!(!apps.products.is_empty() && !apps.items.is_empty());
        let linked: Vec<LinkedWorkspace> = ada.list_linked_workspaces("meridian").try_collect().await.unwrap();
        assert_eq!((linked.len(), ada.list_apps("meridian", None).await.unwrap()), (1, apps));
        let link: Link = at(&ada, "/workspaces/docs-site/link").await;
        assert_eq!(at::<Link>(&ada, &format!("/links/{}", link.id)).await, link);
        assert_eq!(ada.view_link(&link.id).await.unwrap(), link);
        list::<Token>(&ada, "/tokens").await;
        world.events().await;
        let events = list::<Event>(&olga, "/events?after=0&limit=1000").await;
        let typed: Vec<Event> = olga.list_events(0).try_collect().await.unwrap();
        assert_eq!(typed, events);
        let all: Vec<_> = ada.list_eligibility().try_collect().await.unwrap();
        let mine: Vec<_> = ada.list_my_workspaces().try_collect().await.unwrap();
        assert!(!all.is_empty() && mine.len() >= all.len());
        let organizations: Vec<_> = ada.list_my_organizations().try_collect().await.unwrap();
        assert_eq!((organizations.len(), ada.view_organization("meridian").await.unwrap().linked_workspaces), (3, 1));
        let entitlements: Vec<_> = ada.list_entitlements("docs-site").try_collect().await.unwrap();
        assert!(entitlements.iter().any(|e| e.entitled));
        world.check_invariants().await;
    }

    async fn answers_of_linking(world) {
        let world = world.with_company().await.with_undo_window(30 * DAY).await;
        let ada = client(&world, ADA).await;
        let pair = json!({ "workspace": "atlas-platform", "organization": "meridian-labs" });
        let made: Value = ada.post("/link-plans", &pair, None).await.unwrap();
        let plan: LinkPlan = holds(&made["plan"]);
        assert!(!plan.warnings.is_empty() && plan.recommendation.items.iter().any(|c| !c.evidence.is_empty()));
        let again: LinkPlan = at(&ada, &format!("/link-plans/{}", plan.digest)).await;
        assert_eq!((ada.view_plan(&plan.digest).await.unwrap().digest, &again.digest), (again.digest.clone(), &plan.digest));
        let wanted = LinkRequest::of(&plan).acknowledge_all();
        let linked: Value = ada.post("/links", &wanted, None).await.unwrap();
        holds::<Linked>(&linked);
        at::<WorkspaceDetail>(&ada, "/workspaces/atlas-platform").await;
        at::<UndoPlan>(&ada, "/workspaces/atlas-platform/link/undo").await;
        let undone: Value = ada.post("/workspaces/atlas-platform/link/undo", &json!({}), None).await.unwrap();
        holds::<Undone>(&undone);
        world.check_invariants().await;
    }

    async fn answers_of_agreeing(world) {
        let world = world.with_company().await.with_consent(Consent::TwoSided, false).await;
        let (hana, ben) = (client(&world, HANA).await, client(&world, BEN).await);
        let body = json!({
            "workspace": "atlas-platform", "organization": "meridian", "acknowledge_all": true, "message": "Shall we?",
        });
        let made: Value = hana.post("/proposals", &body, None).await.unwrap();
        let proposal: Proposal = holds(&made);
        list::<ProposalListed>(&ben, "/proposals?state=open").await;
        let path = format!("/proposals/{}", proposal.summary.id);
        at::<Proposal>(&ben, &path).await;
        let agreed: Value = ben.post(&format!("{path}/consent"), &json!({ "acknowledge_all": true }), None).await.unwrap();
        holds::<Consented>(&agreed);
        at::<Proposal>(&ben, &path).await;
        world.check_invariants().await;
    }

    async fn answers_about_campaigns(world) {
        let world = world.with_company().await;
        make_operator(&world).await;
        let olga = client(&world, OLGA).await;
        let definition = serde_json::to_value(crate::campaign::definition()).unwrap();
        let made: Value = olga.post("/campaigns", &definition, None).await.unwrap();
        let path = format!("/campaigns/{}", made["name"].as_str().unwrap());
        olga.post::<Value>(&format!("{path}/rehearsals"), &json!({ "on": null }), None).await.unwrap();
        let status: CampaignStatus = at(&olga, &path).await;
        assert_eq!(olga.view_campaign(&status.campaign.id).await.unwrap(), status);
        let run = &status.rehearsals[0];
        assert!(run.counts.to_link > 0 && !run.counts.by_rule.is_empty() && !run.counts.left_alone.is_empty());
        let rows = list::<Decision>(&olga, &format!("{path}/runs/{}/decisions", run.id)).await;
        let typed: Vec<Decision> = olga.list_decisions(&status.campaign.name, &run.id, None).try_collect().await.unwrap();
        assert_eq!(typed, rows);
        let alone = campaigns::DecisionState::LeftAlone;
        let typed: Vec<_> = olga.list_decisions(&status.campaign.name, &run.id, Some(&alone)).try_collect().await.unwrap();
        assert!(!typed.is_empty() && typed.iter().all(|row| row.state == alone && row.left_alone.is_some()));
        world.check_invariants().await;
    }

    async fn answers_about_domains(world) {
        let world = world.with_company().await;
        let ada = client(&world, ADA).await;
        let path = "/organizations/meridian/domains";
        let added: Value = ada.post(path, &json!({ "domain": "meridian.example" }), None).await.unwrap();
        let added: Domain = holds(&added);
        world.nameserver.put(&added.record.name, &added.record.text);
        let checked: Value = ada.post(&format!("{path}/meridian.example/check"), &json!({}), None).await.unwrap();
        assert_eq!(holds::<Checked>(&checked).domain.state, domains::DomainState::Verified);
        let previewed: Value = ada.post(&format!("{path}/meridian.example/preview"), &json!({}), None).await.unwrap();
        let preview: ClaimPreview = holds(&previewed);
        list::<DomainAccount>(&ada, &format!("{path}/meridian.example/accounts")).await;
        let of = ("meridian", "meridian.example");
        let hanas = [HANA];
        let announced = ada.claim_accounts(of, &preview.digest, Some(&hanas), Some("once")).await.unwrap();
        assert_eq!((announced.announced, announced.left), (1, 0));
        let managed = list::<ManagedAccount>(&ada, "/organizations/meridian/managed-accounts").await;
        assert_eq!(managed[0].state, domains::ClaimState::Announced);
        let hana = client(&world, HANA).await;
        hana.object_to_claim("No.").await.unwrap();
        let me: Me = at(&hana, "/me").await;
        assert_eq!(me.management.unwrap().state, domains::ClaimState::Objected);
        let objected: Vec<_> = ada.list_managed_accounts("meridian", Some(&domains::ClaimState::Objected)).try_collect().await.unwrap();
        assert_eq!((objected.len(), objected[0].reason.as_deref()), (1, Some("No.")));
        ada.release_account("meridian", HANA, &Version::any()).await.unwrap();
        let domains: Vec<_> = ada.list_domains("meridian").try_collect().await.unwrap();
        assert_eq!(domains, vec![at::<Domain>(&ada, &format!("{path}/meridian.example")).await]);
        ada.remove_domain("meridian", "meridian.example", &Version::any()).await.unwrap();
        assert_eq!(code(ada.view_domain("meridian", "meridian.example").await), "not_found");
    }

    async fn problems(world) {
        let world = world.with_company().await;
        let token = world.token(ADA).await;
        let personal = json!({ "workspace": "ada-brandt", "organization": "meridian", "acknowledge_all": true });
        for (method, path, body, status) in [
            ("GET", "/workspaces/nothing", None, 404),
            ("GET", "/workspaces?limit=x", None, 400),
            ("POST", "/links", Some(json!({ "workspace": 7 })), 400),
            ("POST", "/links", Some(personal), 409),
            ("DELETE", "/workspaces/docs-site", None, 428),
            ("GET", "/events/x", None, 404),
        ] {
            let answer = world.api(&token, method, path, body).await;
            assert_eq!(answer.status, status, "{}", answer.text);
            holds::<Problem>(&answer.json());
        }
        let answer = world.api("olk_wrong", "GET", "/me", None).await;
        assert_eq!((answer.status, holds::<Problem>(&answer.json()).code.as_str()), (401, "signed_out"));
    }
}

/// Every word of a list of the product, and the client's for it.
macro_rules! known {
    ($($ours:path => $theirs:path),+ $(,)?) => {$(
        for word in <$ours>::ALL {
            type Theirs = $theirs;
            let theirs = Theirs::from(word.as_str());
            assert!(!matches!(theirs, Theirs::Other(_)), "{} does not know {word}", stringify!($theirs));
            assert_eq!(theirs.as_str(), word.as_str());
        }
    )+};
}

#[test]
fn every_word_is_known() {
    use orglink_domain as d;
    known! {
        d::workspace::Kind => workspaces::Kind,
        d::workspace::SubscriptionPlan => workspaces::Plan,
        d::workspace::BillingCycle => workspaces::BillingCycle,
        d::workspace::Status => workspaces::Status,
        d::workspace::Hold => workspaces::Hold,
        d::role::WorkspaceRole => workspaces::WorkspaceRole,
        d::role::Administration => workspaces::Administration,
        d::role::OrganizationStanding => organizations::OrganizationStanding,
        d::organization::UserManagement => organizations::UserManagement,
        d::eligibility::ReasonCode => eligibility::ReasonCode,
        d::eligibility::ReasonScope => eligibility::ReasonScope,
        d::eligibility::Blocks => eligibility::Blocks,
        d::plan::Warning => WarningCode,
        d::recommendation::EvidenceKind => EvidenceKind,
        d::link::AccessCheck => links::AccessCheck,
        d::link::Consent => links::ConsentRule,
        d::event::Through => links::Through,
        d::consent::ProposalState => proposals::ProposalState,
        d::consent::Side => proposals::Side,
        d::consent::Agreement => proposals::Agreement,
        d::campaign::CampaignState => campaigns::CampaignState,
        d::campaign::RunKind => campaigns::RunKind,
        d::campaign::automatic::DecisionState => campaigns::DecisionState,
        d::campaign::automatic::Rule => campaigns::Rule,
        d::token::Scope => tokens::Scope,
        d::domain_claim::DomainState => domains::DomainState,
        d::domain_claim::Seen => domains::Seen,
        d::domain_claim::account::ClaimState => domains::ClaimState,
        d::domain_claim::account::Fit => domains::Fit,
        d::user_management::FindingCode => users::FindingCode,
    }
}
