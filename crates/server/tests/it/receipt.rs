//! Receipts: of a link, of what a campaign linked and of undoing; for either side; refused at every changed byte; checked by a
//! command that has nothing but the public key, and by a page.

use orglink_app::account::erase_account;
use orglink_app::ledger::{find_public_key, integrate_all, restart};
use orglink_app::link::{UndoRequest, undo_link};
use orglink_app::receipt::{Exported, export_link_receipt, export_workspace_receipt, find_key, verify_receipt};
use orglink_app::system::SystemIds;
use orglink_app::{App, Error, Key, Principal, Retention, Settings, campaign, catalog, installation, upkeep};
use orglink_domain::ledger::VerifierKey;
use orglink_domain::receipt::{Act, Verified};
use orglink_testkit::{TestApp, both};
use serde_json::{Value, json};

use crate::cli::run;

const ADA: &str = "ada@meridian.example";
/// Admin of the organization, and nothing in the workspace.
const BEN: &str = "ben@meridian.example";
/// Auditor of the organization.
const CLEO: &str = "cleo@meridian.example";
/// Member of the workspace.
const IVO: &str = "ivo@meridian.example";
/// Of another company.
const LENA: &str = "lena@harbor.example";
const OLGA: &str = "olga@operator.example";
const DAY: i64 = 24 * 60 * 60;
const W: &str = "atlas-platform";

/// The ledger takes in everything so far.
async fn sign(world: &TestApp) {
    upkeep::check_access(&world.app).await.unwrap();
    world.events().await;
    integrate_all(&world.app).await.unwrap();
}

async fn key(world: &TestApp) -> VerifierKey {
    find_public_key(&world.app).await.unwrap().parse().unwrap()
}

async fn undo(world: &TestApp, who: &str) {
    let request = UndoRequest { plan_digest: None, reason: Some("The wrong one.".to_owned()) };
    undo_link(&world.app, &world.person(who).await, W, &request).await.unwrap();
}

async fn export(world: &TestApp, workspace: &str) -> Result<Exported, Error> {
    export_workspace_receipt(&world.app, &world.person(ADA).await, workspace, None, None).await
}

fn code<T>(refused: Result<T, Error>) -> &'static str {
    match refused {
        Err(Error::Refused(refusal)) => refusal.code,
        Err(Error::NotFound { .. }) => "not_found",
        Err(e) => panic!("not a clear refusal: {e}"),
        Ok(_) => "done",
    }
}

/// A workspace that a campaign has linked.
async fn linked_by_campaign(world: &TestApp) -> String {
    installation::grant_operator(&world.app, &Principal::local_operator(), OLGA).await.unwrap();
    let olga = world.person(OLGA).await;
    campaign::create_campaign(&world.app, &olga, &crate::campaign::definition(), None).await.unwrap();
    let everything = || async { while campaign::run_campaign(&world.app, &olga, "link-2026").await.unwrap().did {} };
    everything().await;
    world.clock.advance(70 * DAY);
    everything().await;
    let page = campaign::list_decisions(&world.app, &olga, "link-2026", None, None, None, 1000).await.unwrap();
    let is_made = |row: &&campaign::DecisionView| row.group.is_some() && row.organization.is_some();
    page.rows.iter().find(is_made).unwrap().workspace.clone()
}

/// It holds, as it is and not when a byte is another.
fn require_strict(bytes: &[u8], key: &VerifierKey) -> Verified {
    let verified = verify_receipt(bytes, key).unwrap();
    for at in 0..bytes.len() {
        let mut changed = bytes.to_vec();
        changed[at] ^= 1 << (at % 7);
        let wrong = verify_receipt(&changed, key).err().unwrap_or_else(|| panic!("byte {at} of {}", verified.act));
        assert!(!wrong.field.is_empty(), "byte {at}");
    }
    verified
}

fn multipart(fields: &[(&str, &str)]) -> String {
    let part = |(name, text): &(&str, &str)| {
        format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
    };
    fields.iter().map(part).collect::<String>() + "--b--\r\n"
}

async fn check(world: &TestApp, fields: &[(&str, &str)]) -> (u16, String) {
    let headers = [("content-type", "multipart/form-data; boundary=b")];
    let answer = world.send("POST", "/receipts", &headers, &multipart(fields)).await;
    (answer.status, answer.text)
}

both! {
    async fn each_act_has_a_receipt_of_which_no_byte_can_be_changed(world) {
        let world = world.with_company().await.with_undo_window(30 * DAY).await;
        assert_eq!(code(export(&world, W).await), "not_linked");
        let link = world.link(ADA, W, "meridian").await.unwrap();
        assert_eq!(code(export(&world, W).await), "receipt_not_ready");
        world.events().await;
        integrate_all(&world.app).await.unwrap();
        let early = export(&world, W).await.unwrap();
        assert_eq!(early.file_name, format!("orglink-receipt-link-{}.json", link.id));
        sign(&world).await;
        let first = export(&world, W).await.unwrap().bytes;
        assert_eq!(export(&world, W).await.unwrap().bytes, first, "nothing happened since");
        let key = key(&world).await;
        let facts = |bytes: &[u8]| verify_receipt(bytes, &key).unwrap().facts();
        assert!(facts(&early.bytes).iter().any(|f| f.label == "Access after" && f.text.starts_with("Not compared")));
        assert!(facts(&first).iter().any(|f| f.label == "Access after" && f.text.starts_with("The same")));
        let verified = require_strict(&first, &key);
        assert_eq!(verified.act, Act::Link);
        assert!(verified.headline().contains("was linked to the organization Meridian Freight (meridian)"));
        let stated: Value = serde_json::from_slice(&first).unwrap();
        assert_eq!((&stated["link"], &stated["plan_digest"]), (&json!(link.id), &json!(link.plan_digest)));
        assert_eq!(stated["consents"][0]["side"], "both");
        assert_eq!(stated["acknowledged"], stated["plan"]["warnings"]);

        undo(&world, BEN).await;
        assert_eq!(code(export(&world, W).await), "receipt_not_ready");
        sign(&world).await;
        let undone = export(&world, W).await.unwrap().bytes;
        let verified = require_strict(&undone, &key);
        assert_eq!(verified.act, Act::Undo);
        let stated: Value = serde_json::from_slice(&undone).unwrap();
        assert_eq!((&stated["consents"][0]["side"], &stated["plan"]["action"]), (&json!("organization"), &json!("undo")));
        assert_eq!(stated["access"]["before"], stated["access"]["after"]);
        // What was kept before holds as well, and the linking still has its receipt.
        assert_eq!(verify_receipt(&first, &key).unwrap().act, Act::Link);
        let ada = world.person(ADA).await;
        let again = export_workspace_receipt(&world.app, &ada, W, Some(&link.id.to_string()), None).await.unwrap();
        assert_eq!(verify_receipt(&again.bytes, &key).unwrap().act, Act::Link);

        // Linked again at the same moment: another link, another receipt.
        let second = world.link(ADA, W, "meridian").await.unwrap();
        sign(&world).await;
        let stated: Value = serde_json::from_slice(&export(&world, W).await.unwrap().bytes).unwrap();
        assert_eq!(stated["link"], json!(second.id));
        let no = export_workspace_receipt(&world.app, &ada, W, None, Some(Act::Undo)).await;
        assert_eq!(code(no), "not_undone");
        world.check_invariants().await;
    }

    async fn what_a_campaign_linked_has_its_decision_for_a_plan(world) {
        let world = world.with_company().await;
        let slug = linked_by_campaign(&world).await;
        sign(&world).await;
        let olga = world.person(OLGA).await;
        let exported = export_workspace_receipt(&world.app, &olga, &slug, None, None).await.unwrap();
        let verified = require_strict(&exported.bytes, &key(&world).await);
        assert_eq!(verified.act, Act::AutomaticLink);
        let stated: Value = serde_json::from_slice(&exported.bytes).unwrap();
        let decision = &stated["decision"];
        assert_eq!((&decision["campaign"]["name"], &stated["plan"]), (&json!("link-2026"), &Value::Null));
        assert!(decision["group"].as_str().unwrap().starts_with("sha256:"), "{decision}");
        assert!(decision["reason"].as_str().unwrap().contains("A new one"), "{decision}");
        assert!(verified.facts().iter().any(|f| f.label == "Decided" && f.text.contains("A new one")));
        // Taken back as a whole by an operator: nobody of either side consented.
        campaign::undo_run(&world.app, &olga, "link-2026", None, "It came too early.").await.unwrap();
        sign(&world).await;
        let exported = export_workspace_receipt(&world.app, &olga, &slug, None, None).await.unwrap();
        let verified = require_strict(&exported.bytes, &key(&world).await);
        let stated: Value = serde_json::from_slice(&exported.bytes).unwrap();
        assert_eq!((verified.act, &stated["consents"]), (Act::Undo, &json!([])));
        assert!(verified.facts().iter().any(|f| f.text == "It came too early."));
    }

    async fn both_sides_have_it_and_nobody_else(world) {
        let world = world.with_company().await.with_undo_window(30 * DAY).await;
        let link = world.link(ADA, W, "meridian").await.unwrap();
        sign(&world).await;
        let (of_workspace, of_link) = (format!("/workspaces/{W}/receipt"), format!("/links/{}/receipt", link.id));
        for (who, expected) in [(ADA, 200), (BEN, 200), (CLEO, 200), (IVO, 403), (LENA, 404)] {
            let token = world.token(who).await;
            for path in [&of_workspace, &of_link] {
                let answer = world.api(&token, "GET", path, None).await;
                assert_eq!(answer.status, expected, "{who} {path}: {}", answer.text);
            }
        }
        let ada = world.token(ADA).await;
        let served = world.api(&ada, "GET", &of_workspace, None).await.text;
        assert_eq!(served.into_bytes(), export(&world, W).await.unwrap().bytes);
        let odd = world.api(&ada, "GET", &format!("{of_workspace}?act=dance"), None).await;
        assert_eq!(odd.status, 400, "{}", odd.text);
        assert_eq!(world.api(&ada, "GET", &format!("{of_workspace}?link=rubbish"), None).await.status, 404);

        undo(&world, ADA).await;
        // It goes to another organization, whose people learn nothing of the first.
        let next = world.link(ADA, W, "harbor").await.unwrap();
        sign(&world).await;
        let lena = world.person(LENA).await;
        let theirs = export_link_receipt(&world.app, &lena, &next.id.to_string(), None).await.unwrap();
        assert!(!String::from_utf8(theirs.bytes).unwrap().contains("Meridian"));
        let old = link.id.to_string();
        for act in [None, Some(Act::Undo)] {
            assert_eq!(code(export_link_receipt(&world.app, &lena, &old, act).await), "not_found");
            assert_eq!(code(export_workspace_receipt(&world.app, &lena, W, Some(&old), act).await), "not_found");
            // The side that it was linked to still has both of its receipts, and no others.
            let ben = world.person(BEN).await;
            assert_eq!(code(export_link_receipt(&world.app, &ben, &old, act).await), "done");
            assert_eq!(code(export_link_receipt(&world.app, &ben, &next.id.to_string(), act).await), "not_found");
        }
        let ivo = world.person(IVO).await;
        assert_eq!(code(export_link_receipt(&world.app, &ivo, &old, None).await), "not_allowed");
        let operator = Principal::local_operator();
        assert_eq!(code(export_link_receipt(&world.app, &operator, &old, Some(Act::Undo)).await), "done");
        // Another workspace's link is none of this one's.
        assert_eq!(code(export_workspace_receipt(&world.app, &operator, "docs-site", Some(&old), None).await), "not_found");
    }

    async fn what_was_erased_breaks_none_that_was_kept(world) {
        let world = world.with_company().await;
        let zed = "zed@meridian.example";
        world.import(&format!(
            "{}\n{}\n{}",
            json!({ "type": "account", "email": zed, "name": "Zed Zimmer", "verified": true }),
            json!({ "type": "organization", "slug": "meridian", "name": "Meridian Freight", "admins": [ADA, BEN, zed] }),
            json!({ "type": "user_group", "workspace": W, "slug": "administrators", "name": "Administrators", "is_admin": true, "members": [ADA, zed] }),
        )).await.unwrap();
        world.link(zed, W, "meridian").await.unwrap();
        erase_account(&world.app, &world.person(zed).await, zed).await.unwrap();
        sign(&world).await;
        let kept = export(&world, W).await.unwrap().bytes;
        let key = key(&world).await;
        require_strict(&kept, &key);
        let text = String::from_utf8(kept.clone()).unwrap();
        assert!(!text.contains("Zimmer") && !text.contains('@'), "{text}");
        // What events say is erased after a while, where the operator wants that: then there are no new ones.
        world.clock.advance(2 * DAY);
        let settings = Settings {
            retention: Retention { event_payloads: Some(DAY), ..Retention::default() },
            ..world.app.settings.clone()
        };
        let catalog = catalog::read(orglink_server::config::DEFAULT_CATALOG).unwrap();
        let ids = std::sync::Arc::new(SystemIds::default());
        let db = world.app.db.clone();
        let forgetful = App::new(db, catalog, settings, Key::new([7; 32]), world.clock.clone(), ids).unwrap();
        upkeep::forget(&forgetful).await.unwrap();
        assert_eq!(code(export(&world, W).await), "receipt_erased");
        assert_eq!(verify_receipt(&kept, &key).unwrap().act, Act::Link);
    }

    async fn a_receipt_outlives_its_ledger(world) {
        let world = world.with_company().await;
        world.link(ADA, W, "meridian").await.unwrap();
        sign(&world).await;
        let (old, old_key) = (export(&world, W).await.unwrap().bytes, key(&world).await);
        restart(&world.app, &Principal::local_operator(), "A new key.").await.unwrap();
        assert_eq!(code(export(&world, W).await), "receipt_not_ready");
        sign(&world).await;
        let new_key = key(&world).await;
        assert!(new_key != old_key);
        assert_eq!(verify_receipt(&old, &new_key).unwrap_err().field, "checkpoint");
        assert_eq!(find_key(&world.app, &old).await.unwrap(), Some(old_key.clone()));
        assert!(verify_receipt(&old, &old_key).is_ok());
        assert!(verify_receipt(&export(&world, W).await.unwrap().bytes, &new_key).is_ok());
        assert_eq!(find_key(&world.app, b"rubbish").await.unwrap(), Some(new_key));
    }

    async fn the_page_says_so_in_words(world) {
        let world = world.with_company().await.with_undo_window(30 * DAY).await;
        let (_, none) = check(&world, &[("receipt", "{}")]).await;
        assert!(none.contains("has no ledger yet"), "{none}");
        let link = world.link(ADA, W, "meridian").await.unwrap();
        sign(&world).await;
        let form = world.send("GET", "/receipts", &[], "").await;
        assert!(form.status == 200 && form.text.contains("Check it"), "{}", form.text);

        let (cookie, _) = world.session(ADA).await;
        let get = |path: String| { let (world, cookie) = (&world, cookie.clone()); async move { world.send("GET", &path, &[("cookie", &cookie)], "").await } };
        let receipt = format!("/links/{}/receipt", link.id);
        for page in [format!("/workspaces/{W}"), format!("/workspaces/{W}/activity"), "/organizations/meridian/activity".to_owned()] {
            assert!(get(page.clone()).await.text.contains(&receipt), "{page} has no link to the receipt");
        }
        assert!(get("/organizations/meridian/apps".to_owned()).await.text.contains(&format!("/workspaces/{W}/receipt")));
        let file = get(receipt).await.text;
        assert_eq!(file, get(format!("/workspaces/{W}/receipt")).await.text);
        let (status, page) = check(&world, &[("file", &file), ("receipt", ""), ("key", "")]).await;
        assert_eq!(status, 200);
        assert!(page.contains("This receipt holds.") && page.contains("was linked to the organization Meridian Freight"), "{page}");
        assert!(page.contains("own key") && page.contains("does not show what happened since"), "{page}");
        let own = find_public_key(&world.app).await.unwrap();
        let (_, page) = check(&world, &[("receipt", &file), ("key", &own)]).await;
        assert!(page.contains("This receipt holds.") && page.contains("the key that was given"), "{page}");
        let (status, page) = check(&world, &[("receipt", &file.replace("meridian", "meridiam"))]).await;
        assert!(status == 200 && page.contains("does not hold") && page.contains("event.payload"), "{page}");
        let (_, page) = check(&world, &[("receipt", &format!("{file}\n"))]).await;
        assert!(page.contains("white space before or after"), "{page}");
        assert_eq!(check(&world, &[("receipt", &file), ("key", "rubbish")]).await.0, 400);
        assert_eq!(check(&world, &[]).await.0, 400);

        undo(&world, ADA).await;
        sign(&world).await;
        let page = get(format!("/workspaces/{W}")).await.text;
        assert!(page.contains(&format!("/links/{}/receipt?act=undo", link.id)), "{page}");
        let undone = get(format!("/links/{}/receipt?act=undo", link.id)).await.text;
        let (_, page) = check(&world, &[("receipt", &undone)]).await;
        assert!(page.contains("was taken back") && page.contains("The wrong one."), "{page}");
    }

    async fn a_script_exports_and_an_auditor_verifies(world) {
        let world = world.with_company().await;
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name).display().to_string();
        std::fs::write(at("orglink.toml"), format!("[link]\nundo_window = \"30d\"\n[secrets]\nkey_file = \"{}\"\n", at("key"))).unwrap();
        let config = at("orglink.toml");
        let by_ada = ["--as", ADA, "--config", &config, "--json"];
        let (code, linked, _) = run(&world, &[&["link", "--workspace", W, "--organization", "meridian", "--yes"], &by_ada[..]].concat());
        assert_eq!(code, 0);
        let id = linked["link"]["id"].as_str().unwrap().to_owned();
        // On standard output, without waiting for a server: the command takes the ledger further itself.
        let (code, stated, said) = run(&world, &[&["receipt", "export", "--workspace", W], &by_ada[..]].concat());
        assert_eq!((code, &stated["act"]), (0, &json!("link")), "{said}");
        let (code, written, said) = run(&world, &[&["receipt", "export", "--workspace", W, "--out", &at("link.json")], &by_ada[..]].concat());
        assert_eq!((code, written["file"].as_str()), (0, Some(at("link.json").as_str())), "{said}");
        let (code, ..) = run(&world, &[&["undo", "--workspace", W, "--yes"], &by_ada[..]].concat());
        assert_eq!(code, 0);
        let of_undo = ["receipt", "export", "--link", &id, "--undo", "--out"];
        assert_eq!(run(&world, &[&of_undo[..], &[at("undo.json").as_str()], &by_ada[..]].concat()).0, 0);
        let (code, refusal, _) = run(&world, &["receipt", "export", "--workspace", W, "--as", LENA, "--config", &config, "--json"]);
        assert_eq!((code, &refusal["code"]), (4, &json!("not_found")));
        assert_eq!(run(&world, &["receipt", "export", "--json"]).0, 2);

        let (_, public, _) = run(&world, &["ledger", "public-key", "--json", "--config", &config]);
        std::fs::write(at("public"), format!("{}\n", public["public_key"].as_str().unwrap())).unwrap();
        let verify = |file: &str, key: &str| {
            // Nothing of the installation is at hand.
            let out = std::process::Command::new(crate::cli::PROGRAM)
                .args(["receipt", "verify", file, "--public-key", key, "--json"]).env_clear().current_dir("/").output().unwrap();
            let document: Value = serde_json::from_slice(&out.stdout).unwrap_or_default();
            (out.status.code().unwrap(), document)
        };
        for (file, act) in [("link.json", "link"), ("undo.json", "undo")] {
            let (code, document) = verify(&at(file), &at("public"));
            assert_eq!((code, &document["valid"], &document["act"]), (0, &json!(true), &json!(act)), "{document}");
        }
        let text = std::fs::read_to_string(at("link.json")).unwrap();
        std::fs::write(at("changed.json"), text.replace("Meridian Freight", "Meridian Fright")).unwrap();
        let (code, document) = verify(&at("changed.json"), &at("public"));
        assert_eq!((code, &document["valid"], &document["field"]), (3, &json!(false), &json!("plan")), "{document}");
        std::fs::write(at("other"), "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n").unwrap();
        let (code, document) = verify(&at("link.json"), &at("other"));
        assert_eq!((code, &document["field"]), (3, &json!("checkpoint")), "{document}");
        assert_eq!(verify(&at("link.json"), &at("link.json")).0, 2, "that is no key");
        assert_eq!(verify(&at("nowhere.json"), &at("public")).0, 1);
    }
}
