//! What the walk names in paths, bodies and forms.

use orglink_testkit::{Answer, TestApp};
use serde_json::json;

/// A path with something in place of each `{placeholder}`.
pub fn with_names<'n>(path: &str, name: impl Fn(&str) -> &'n str) -> String {
    let (mut filled, mut rest) = (String::new(), path);
    while let Some((before, behind)) = rest.split_once('{') {
        let (placeholder, after) = behind.split_once('}').expect("a whole placeholder");
        filled.push_str(before);
        filled.push_str(name(placeholder));
        rest = after;
    }
    filled + rest
}

/// The things a route can name.
pub struct Names {
    pub workspace: String,
    pub organization: String,
    pub group: String,
    pub account: String,
    pub site: String,
    pub repository: String,
    pub link: String,
    pub digest: String,
    pub token: String,
    pub invitation: String,
    pub request: String,
    pub proposal: String,
    pub webhook: String,
    pub directory_group: String,
}

impl Names {
    pub fn fill(&self, path: &str) -> String {
        with_names(path, |placeholder| match placeholder {
            "workspace" => &self.workspace,
            "organization" => &self.organization,
            "group" => &self.group,
            "directory_group" => &self.directory_group,
            "account" => &self.account,
            "repository" => &self.repository,
            "site" => &self.site,
            "product" => "jira-service-management",
            "role" if path.contains("{product}") => "app_admin",
            "role" if path.contains("{site}") => "site_admin",
            "role" => "admin",
            "link" => &self.link,
            "digest" => &self.digest,
            "token" | "session" | "recovery" | "passkey" | "notification" | "mail" => &self.token,
            "invitation" => &self.invitation,
            "request" => &self.request,
            "proposal" => &self.proposal,
            "webhook" => &self.webhook,
            "domain" => "harbor.example",
            "offer" => "no-such-offer",
            "invoice" => "INV-000001",
            "position" => "1",
            "campaign" => "no-such-campaign",
            "run" => "real",
            "log" | "billing_account" => "01890000-0000-7000-8000-000000000000",
            "*tile" => "0/000",
            "section" => "links",
            "feature" | "key" => "packages",
            "switch" => "rovo_dev_agents",
            "extension" => "repository-report",
            "kind" => "eligibility",
            "entry" => "organization-original-user-management",
            "sign_in" | "proof" | "secret" | "unsubscribe" | "mailed" => "no-such-secret",
            other => panic!("give {{{other}}} a name here"),
        })
    }

    /// A body that fits a write.
    pub fn body(&self, method: &str, path: &str) -> serde_json::Value {
        match path.trim_start_matches("/api/v1") {
            "/access/v1/evaluation" => self.evaluation(),
            "/access/v1/evaluations" => json!({ "evaluations": [self.evaluation(), self.evaluation()] }),
            path if path.ends_with("/{extension}") => json!({ "consent": ["workspace:read", "repositories:read"] }),
            path if path.starts_with("/ofrep/") => json!({ "context": { "targetingKey": self.workspace } }),
            "/organizations/{organization}/switches/{switch}" => json!({ "is_on": true }),
            "/mcp" => json!({
                "jsonrpc": "2.0", "id": 1, "method": "tools/call",
                "params": { "name": "check_eligibility", "arguments": { "workspace": self.workspace } },
            }),
            "/organizations" => json!({ "name": "Walked", "slug": "walked" }),
            "/tokens" => json!({ "name": "walk", "scopes": ["read"] }),
            path if path.ends_with("/suspension") => json!({ "reason": "walked" }),
            "/notifications/{notification}" => json!({ "is_read": true }),
            "/notifications/read-all" => json!({}),
            "/me/notification-preferences/{kind}" => json!({ "by_mail": true }),
            path if path.ends_with("/{recovery}/object") => json!({ "reason": "Walked" }),
            path if path.ends_with("/postponement") => json!({ "until": "2026-04-10", "reason": "walked" }),
            path if path.ends_with("/link/undo") => json!({ "reason": "walked" }),
            path if ["/claim/object", "/{proposal}/decline", "/unlink"].iter().any(|end| path.ends_with(end)) => {
                json!({ "reason": "walked" })
            }
            "/freeze" => json!({ "linking_frozen": false, "reason": null }),
            "/link-plans" | "/proposals/preview" => {
                json!({ "workspace": self.workspace, "organization": self.organization })
            }
            "/proposals/{proposal}/consent" => json!({ "acknowledge_all": true }),
            "/links" | "/proposals" => {
                json!({ "workspace": self.workspace, "organization": self.organization, "acknowledge_all": true })
            }
            "/organizations/{organization}/link-plans" => json!({ "workspaces": [self.workspace] }),
            "/organizations/{organization}/links" => {
                json!({ "rows": [{ "workspace": self.workspace, "plan_digest": self.digest }], "acknowledge_all": true })
            }
            "/workspaces/{workspace}/invitations" => json!({ "emails": ["walk@else.example"], "group": self.group }),
            "/organizations/{organization}/invitations" => {
                json!({ "emails": ["walk@else.example"], "role": "auditor" })
            }
            "/access-requests" => json!({ "organization": "walked-to" }),
            "/access-requests/{request}/decline" => json!({ "reason": "walked" }),
            "/access-requests/{request}/approve" => json!({}),
            path if path.ends_with("/domains") => json!({ "domain": "walked.example" }),
            path if path.ends_with("/{domain}/claim") => json!({ "digest": self.digest, "accounts": [self.account] }),
            "/me/management/object" => json!({ "reason": "walked" }),
            path if path.ends_with("/webhooks") => json!({ "url": "https://hooks.example/" }),
            path if path.ends_with("/{webhook}") => json!({ "paused": true }),
            path if path.ends_with("/{webhook}/replay") => json!({ "after": 0 }),
            path if path.contains("/{webhook}/") => json!({}),
            path if path.ends_with("/{directory_group}/invitations") => json!({ "emails": ["walk@else.example"] }),
            "/tracker/{entry}/updates" => json!({ "state": "planned", "note": "walked" }),
            "/organizations/{organization}/user-management" => json!({ "user_management": "original" }),
            path if path.ends_with("/users-migration/plan") => json!({}),
            path if path.contains("/users-migration") => json!({ "acknowledge_all": true }),
            "/billing-accounts/{billing_account}/payer" => json!({ "email": "walk@else.example" }),
            "/billing-accounts/{billing_account}/merge" => json!({ "into": self.account }),
            "/billing-accounts/{billing_account}/split" => json!({ "name": "Walked", "workspaces": [self.workspace] }),
            path if path.ends_with("/sites") => json!({ "slug": "walked" }),
            path if path.contains("/repositories/{repository}/") => json!({ "permission": "read" }),
            _ if method == "PATCH" || method == "POST" => json!({ "name": "Walked" }),
            _ => json!({}),
        }
    }

    fn evaluation(&self) -> serde_json::Value {
        json!({
            "subject": { "type": "user", "id": self.account },
            "action": { "name": "view_workspace" },
            "resource": { "type": "workspace", "id": self.workspace },
        })
    }

    /// The fields of every form there is, as somebody would tamper with them.
    pub fn form(&self, path: &str) -> String {
        let confirmed = if path.contains("{site}") {
            &self.site
        } else if path.contains("{organization}") {
            &self.organization
        } else {
            &self.workspace
        };
        let what = match path {
            "/operator/freeze" => "stop",
            "/inbox" => "all",
            path if path.ends_with("/{recovery}") => "object",
            path if path.ends_with("/linking-date") => "prefer",
            path if path.ends_with("/preferences") => "accept",
            path if path.ends_with("/claim") => "claim",
            path if path.ends_with("/{extension}") => "install",
            _ => "add",
        };
        let to = if path.ends_with("/repositories/{repository}") { "group" } else { "account" };
        format!(
            "workspace={}&key=k&acknowledge=link_is_permanent&name=Walked&slug=walked-page&version=1&permission=read\
             &repository_permission=read&plan=free&billing_cycle=monthly&switch=rovo_dev_agents&to=on&confirm={confirmed}&accounts={}\
             &role=organization/admin&emails=walk%40else.example&domain=walked.example&who=some&answer=skip&kind=organization&named=walked-by&reason=walked&product=jira&url=https%3A%2F%2Fhooks.example%2F&previous_hours=1&after=0&user_management=original&state=planned&note=walked&what={what}&session=others&token=t&scope=read&days=1&{to}={}",
            self.workspace,
            self.account,
            if to == "group" { &self.group } else { &self.account },
        )
    }
}

pub async fn harbor(world: &TestApp) -> Names {
    let token = world.token("ada@meridian.example").await;
    let body = json!({ "workspace": "atlas-platform", "organization": "harbor", "side": "workspace", "acknowledge_all": true });
    let proposed = world.api(&token, "POST", "/proposals", Some(body)).await.json();
    let link = world.link("ada@meridian.example", "harbor-ops", "harbor").await.unwrap();
    let ada = world.person("ada@meridian.example").await;
    let plan = orglink_app::link::make_plan(&world.app, &ada, "atlas-platform", "harbor").await.unwrap();
    let body = json!({ "name": "t", "scopes": ["read"] });
    let made = world.api(&token, "POST", "/tokens", Some(body)).await.json();
    let body = json!({ "emails": ["somebody@elsewhere.example"], "group": "administrators" });
    let invited = world.api(&token, "POST", "/workspaces/harbor-ops/invitations", Some(body)).await.json();
    let mia = world.token("mia@meridian.example").await;
    let asked = world.api(&mia, "POST", "/access-requests", Some(json!({ "organization": "harbor" }))).await.json();
    let body = json!({ "domain": "harbor.example" });
    let shown = world.api(&token, "POST", "/organizations/harbor/domains", Some(body)).await.json();
    world.nameserver.put("_orglink-domain.harbor.example", shown["record"]["text"].as_str().unwrap());
    world.api(&token, "POST", "/organizations/harbor/domains/harbor.example/check", None).await;
    let made_preview = world.api(&token, "POST", "/organizations/harbor/domains/harbor.example/preview", None).await;
    assert_eq!(made_preview.status, 201, "{}", made_preview.text);
    world.nameserver.put_addresses("hooks.example", &[&["93.184.215.14"]]);
    let body = json!({ "url": "https://hooks.example/harbor" });
    let told = world.api(&token, "POST", "/workspaces/harbor-ops/webhooks", Some(body)).await.json();
    let body = json!({ "name": "Dockers" });
    assert_eq!(world.api(&token, "POST", "/organizations/harbor/directory/groups", Some(body)).await.status, 201);
    Names {
        workspace: "harbor-ops".into(),
        organization: "harbor".into(),
        group: "administrators".into(),
        account: "lena@harbor.example".into(),
        site: "harbor-desk".into(),
        repository: "cranes".into(),
        link: link.id.to_string(),
        digest: plan.plan.digest.to_string(),
        token: made["token"]["id"].as_str().unwrap().to_owned(),
        invitation: invited["items"][0]["id"].as_str().unwrap().to_owned(),
        request: asked["id"].as_str().unwrap().to_owned(),
        proposal: proposed["id"].as_str().unwrap().to_owned(),
        webhook: told["id"].as_str().unwrap().to_owned(),
        directory_group: "dockers".into(),
    }
}

/// Names of nothing.
pub fn nothing() -> Names {
    let id = "01890000-0000-7000-8000-000000000000".to_owned();
    Names {
        workspace: "no-such-workspace".into(),
        organization: "no-such-organization".into(),
        group: "administrators".into(),
        account: "lena@harbor.example".into(),
        site: "harbor-desk".into(),
        repository: "cranes".into(),
        link: id.clone(),
        digest: format!("sha256:{}", "0".repeat(64)),
        token: id.clone(),
        invitation: id.clone(),
        request: id.clone(),
        proposal: id.clone(),
        webhook: id,
        directory_group: "no-such-dockers".into(),
    }
}

/// The answer without the names that were asked for, and without what the request is called.
pub fn neutral(answer: &Answer, names: &Names) -> (u16, String, String) {
    let strip = |text: &str| {
        [
            &names.workspace,
            &names.organization,
            &names.link,
            &names.digest,
            &names.token,
            &names.invitation,
            &names.request,
            &names.proposal,
            &names.webhook,
            &names.directory_group,
            &answer.request_id,
        ]
        .iter()
        .fold(text.to_owned(), |text, name| text.replace(name.as_str(), "NAME"))
    };
    (answer.status, strip(&answer.location), strip(&answer.text))
}
