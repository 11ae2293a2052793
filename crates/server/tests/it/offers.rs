//! Offers of the operator's: once, skippable, and never in the way.

use futures_util::future::join_all;
use orglink_app::Principal;
use orglink_app::offer::list_offers;
use orglink_testkit::{Answer, TestApp, both};
use serde_json::json;

const ADA: &str = "ada@meridian.example";
const BEN: &str = "ben@meridian.example";
const CLEO: &str = "cleo@meridian.example";
const GUS: &str = "gus@solo.example";
const OVERVIEW: &str = "/organizations/meridian";
const TRIAL: &str = "Try Guard for 30 days";

fn offer(name: &str, more: &str) -> String {
    format!(
        "\n[offers.{name}]\ntitle = \"{TRIAL}\"\ntext = \"More of it.\"\nbutton = \"Start a trial\"\n\
         url = \"https://company.example/{name}\"\naudience = \"organization_admins\"\n{more}"
    )
}

async fn company(world: TestApp, offers: &str) -> TestApp {
    let world = world.with_company().await;
    world.with_catalog(&format!("{}{offers}", orglink_server::config::DEFAULT_CATALOG)).await
}

/// Opens a page as a person does in a browser; `more` stands in place of what such a browser says.
async fn open(world: &TestApp, cookie: &str, path: &str, more: &[(&str, &str)]) -> Answer {
    let mut headers = vec![("cookie", cookie), ("accept", "text/html"), ("sec-fetch-dest", "document")];
    headers.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
    headers.extend(more);
    world.send("GET", path, &headers, "").await
}

async fn post(world: &TestApp, session: &(String, String), path: &str, form: &str) -> Answer {
    let headers = [("cookie", session.0.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    world.send("POST", path, &headers, &format!("form_token={}&{form}", session.1)).await
}

/// `offer shown skipped taken`.
async fn counts(world: &TestApp) -> Vec<String> {
    let found = list_offers(&world.app, &Principal::local_operator()).await.unwrap();
    found.iter().map(|o| format!("{} {} {} {}", o.count.offer, o.count.shown, o.count.skipped, o.count.taken)).collect()
}

both! {
    async fn it_is_shown_once_and_skipping_leads_where_one_was_going(world) {
        let world = company(world, &offer("guard", "")).await;
        let ada = world.session(ADA).await;
        let shown = open(&world, &ada.0, "/organizations/meridian/apps", &[("referer", "http://orglink.test/sign-in?next=/")]).await;
        assert!(shown.status == 200 && shown.text.contains(TRIAL) && shown.text.contains(">Skip</button>"), "{}", shown.text);
        assert!(!shown.text.contains("company.example"), "nothing is asked of others before somebody wants it");
        assert_eq!(counts(&world).await, ["guard 1 0 0"], "just seen counts");
        for path in ["/organizations/meridian/apps", OVERVIEW, "/organizations/harbor"] {
            assert!(!open(&world, &ada.0, path, &[]).await.text.contains(TRIAL), "never twice: {path}");
        }
        assert_eq!(post(&world, &ada, "/offers/guard", "answer=maybe").await.status, 400);
        let skipped = post(&world, &ada, "/offers/guard", "answer=skip&next=/organizations/meridian/apps").await;
        assert_eq!((skipped.status, skipped.location.as_str()), (303, "/organizations/meridian/apps"));
        let elsewhere = post(&world, &ada, "/offers/guard", "answer=skip&next=https://evil.example/").await;
        assert_eq!(elsewhere.location, "/", "and nowhere else");
        let ben = world.session(BEN).await;
        assert_eq!(post(&world, &ben, "/offers/guard", "answer=take").await.status, 404, "he was never shown it");
        assert!(open(&world, &ben.0, OVERVIEW, &[]).await.text.contains(TRIAL));
        let taken = post(&world, &ben, "/offers/guard", "answer=take&next=/organizations/meridian").await;
        assert!(taken.status == 200 && taken.text.contains("href=\"https://company.example/guard\""), "{}", taken.text);
        post(&world, &ben, "/offers/guard", "answer=skip&next=/").await;
        assert_eq!(counts(&world).await, ["guard 2 1 1"], "the first answer counts");
        world.clock.advance(400 * 24 * 3600);
        let ada = world.session(ADA).await;
        assert!(!open(&world, &ada.0, OVERVIEW, &[]).await.text.contains(TRIAL), "nor after a year");
    }

    async fn at_the_same_moment_it_is_shown_once(world) {
        let world = company(world, &offer("guard", "")).await;
        let ada = world.session(ADA).await;
        let opened = join_all((0..8).map(|_| open(&world, &ada.0, OVERVIEW, &[]))).await;
        assert_eq!(opened.iter().filter(|page| page.text.contains(TRIAL)).count(), 1);
        assert_eq!(counts(&world).await, ["guard 1 0 0"]);
    }

    async fn it_is_on_two_pages_of_an_organization_and_nowhere_else(world) {
        let world = company(world, &offer("guard", "")).await;
        let ada = world.session(ADA).await;
        let names = |path: &str| {
            [("{workspace}", "atlas-platform"), ("{organization}", "meridian"), ("{group}", "developers"), ("{site}", "meridian-hq"), ("{repository}", "gateway")]
                .iter().fold(path.to_owned(), |path, (name, value)| path.replace(name, value))
        };
        let mut looked = 0;
        for route in orglink_web::routes() {
            if ["/organizations/{organization}", "/organizations/{organization}/apps", "/live"].contains(&route.path) {
                continue;
            }
            // The wizard, consents, invitations, the date of a campaign, every form: whatever they answer.
            let answer = match route.method {
                "GET" => open(&world, &ada.0, &names(route.path), &[]).await,
                _ => {
                    let headers = [("cookie", ada.0.as_str()), ("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-dest", "document")];
                    world.send("POST", &names(route.path), &headers, "form_token=wrong").await
                }
            };
            assert!(!answer.text.contains(TRIAL) || route.path.starts_with("/operator/offers"), "{} {}", route.method, route.path);
            looked += 1;
        }
        assert!(looked > 150, "{looked}");
        // Nor for programs: the API, and whoever does not say that a person opens a page.
        let token = world.token(ADA).await;
        assert_eq!(world.api(&token, "GET", OVERVIEW, None).await.status, 200);
        assert_eq!(world.api(&token, "GET", "/organizations/meridian/apps", None).await.status, 200);
        for more in [
            [("sec-fetch-dest", "empty")],
            [("sec-fetch-dest", "iframe")],
            [("sec-purpose", "prefetch")],
            [("referer", "http://orglink.test/organizations/meridian/link")],
            [("referer", "http://orglink.test/proposals/019b")],
            [("referer", "http://orglink.test/invitations/secret")],
            [("referer", "http://orglink.test/new-organization")],
            [("referer", "http://orglink.test/workspaces/atlas-platform/linking-date")],
        ] {
            assert!(!open(&world, &ada.0, OVERVIEW, &more).await.text.contains(TRIAL), "{more:?}");
        }
        for path in ["/organizations/meridian/apps?linked=atlas-platform", "/organizations/meridian?saved=yes"] {
            assert!(!open(&world, &ada.0, path, &[]).await.text.contains(TRIAL), "{path}");
        }
        assert_eq!(counts(&world).await, ["guard 0 0 0"]);
        assert!(open(&world, &ada.0, OVERVIEW, &[]).await.text.contains(TRIAL), "and it still waits for its moment");
    }

    async fn it_waits_while_something_else_must_be_done(world) {
        let world = company(world, &offer("guard", "")).await;
        let ada = world.session(ADA).await;
        // The operator has stopped linking.
        let operator = Principal::local_operator();
        orglink_app::installation::change_freeze(&world.app, &operator, true, Some("Maintenance.".to_owned())).await.unwrap();
        assert!(!open(&world, &ada.0, OVERVIEW, &[]).await.text.contains(TRIAL));
        orglink_app::installation::change_freeze(&world.app, &operator, false, None).await.unwrap();
        // Something urgent is in the inbox: the account is to be managed.
        let text = crate::domains::add(&world, BEN, "meridian", "meridian.example").await;
        world.nameserver.put(crate::domains::RECORD, &text);
        crate::domains::check(&world, BEN, crate::domains::DOMAIN).await;
        assert_eq!(crate::domains::claim(&world, BEN, &[ADA]).await.status, 201);
        world.tell().await;
        let page = open(&world, &ada.0, OVERVIEW, &[]).await;
        assert!(!page.text.contains(TRIAL) && page.text.contains("you can object"), "{}", page.text);
        assert_eq!(counts(&world).await, ["guard 0 0 0"]);
        assert_eq!(post(&world, &ada, "/inbox", "what=all").await.status, 303);
        assert!(open(&world, &ada.0, OVERVIEW, &[]).await.text.contains(TRIAL));
    }

    async fn a_date_of_a_campaign_goes_first(world) {
        let world = company(world, &offer("guard", "")).await;
        crate::campaign::announce_on(&world).await;
        let ada = world.session(ADA).await;
        assert_eq!(post(&world, &ada, "/inbox", "what=all").await.status, 303);
        let page = open(&world, &ada.0, OVERVIEW, &[]).await;
        assert!(page.text.contains("not linked yet") && !page.text.contains(TRIAL), "{}", page.text);
        assert_eq!(counts(&world).await, ["guard 0 0 0"]);
    }

    async fn it_is_for_whom_it_says_on_its_days(world) {
        let linked = offer("rovo", "without_feature = \"rovo_dev\"\n");
        let later = offer("later", "from = \"2026-02-01\"\nuntil = \"2026-02-28\"\n").replace("organization_admins", "role_holders");
        let world = company(world, &format!("{linked}{later}")).await;
        world.link(ADA, "atlas-platform", "meridian").await.unwrap();
        world.tell().await;
        for who in [ADA, BEN, CLEO, GUS] {
            let session = world.session(who).await;
            post(&world, &session, "/inbox", "what=all").await;
        }
        let (ada, cleo, gus) = (world.session(ADA).await, world.session(CLEO).await, world.session(GUS).await);
        assert!(!open(&world, &ada.0, OVERVIEW, &[]).await.text.contains(TRIAL), "a linked workspace of it has the feature");
        assert!(open(&world, &gus.0, "/organizations/solo", &[]).await.text.contains(TRIAL), "none of this one has");
        assert!(!open(&world, &cleo.0, OVERVIEW, &[]).await.text.contains(TRIAL), "an auditor is no admin");
        assert_eq!(open(&world, &gus.0, OVERVIEW, &[]).await.status, 404, "nobody learns of an organization by an offer");
        world.clock.advance(27 * 24 * 3600);
        let cleo = world.session(CLEO).await;
        assert!(open(&world, &cleo.0, OVERVIEW, &[]).await.text.contains(TRIAL), "in February, to whoever holds a role");
        world.clock.advance(30 * 24 * 3600);
        let ada = world.session(ADA).await;
        assert!(!open(&world, &ada.0, OVERVIEW, &[]).await.text.contains(TRIAL), "and not in March");
        assert_eq!(counts(&world).await, ["later 1 0 0", "rovo 1 0 0"]);
    }

    async fn the_operator_reads_how_it_was_received_and_it_goes_with_the_account(world) {
        let world = company(world, &offer("guard", "")).await;
        let gus = world.session(GUS).await;
        assert!(open(&world, &gus.0, "/organizations/solo", &[]).await.text.contains(TRIAL));
        orglink_app::installation::grant_operator(&world.app, &Principal::local_operator(), "olga@operator.example").await.unwrap();
        let (olga, ada) = (world.token("olga@operator.example").await, world.token(ADA).await);
        assert_eq!(world.api(&ada, "GET", "/operator/offers", None).await.status, 403);
        let listed = world.api(&olga, "GET", "/operator/offers", None).await.json();
        assert_eq!(listed["items"], json!([{
            "offer": "guard", "title": TRIAL, "from": null, "until": null, "is_made": true, "shown": 1, "skipped": 0, "taken": 0,
        }]));
        let (cookie, _) = world.session("olga@operator.example").await;
        assert!(world.send("GET", "/operator/offers", &[("cookie", &cookie)], "").await.text.contains(TRIAL));
        let gus = world.person(GUS).await;
        assert_eq!(world.change(&world.token(GUS).await, "DELETE", "/organizations/solo", None).await.status, 204);
        for w in orglink_app::mine::list_my_workspaces(&world.app, &gus, &orglink_app::PageRequest::new(None, None).unwrap()).await.unwrap().items {
            let path = format!("/workspaces/{}", w.workspace.slug);
            assert_eq!(world.change(&world.token(GUS).await, "DELETE", &path, None).await.status, 204);
        }
        orglink_app::account::erase_account(&world.app, &gus, GUS).await.unwrap();
        assert_eq!(counts(&world).await, ["guard 0 0 0"]);
    }
}

#[test]
fn a_catalog_says_what_is_wrong_with_an_offer() {
    let of = |text: &str| {
        let text = format!("{}{text}", orglink_server::config::DEFAULT_CATALOG);
        orglink_app::catalog::check(&text).iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(of(&offer("guard", "")), Vec::<String>::new());
    for (wrong, said) in [
        (offer("guard", "without_feature = \"nothing\"\n"), "there is no feature 'nothing'"),
        (offer("guard", "from = \"tomorrow\"\n"), "'tomorrow' is no date"),
        (offer("guard", "from = \"2026-02-01\"\nuntil = \"2026-01-01\"\n"), "before it begins"),
        (offer("guard", "").replace("https://", "javascript:"), "beginning https://"),
        (offer("guard", "").replace("Start a trial", " "), "cannot be empty"),
        (offer("guard", "").replace("organization_admins", "everybody"), "organization_admins, role_holders"),
    ] {
        assert!(of(&wrong).iter().any(|found| found.contains(said)), "{said}: {:?}", of(&wrong));
    }
}
