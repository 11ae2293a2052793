//! The pages, without a script.

use orglink_testkit::both;

use super::*;

both! {
    async fn an_admin_shows_a_domain_previews_and_claims_and_the_person_objects(world) {
        let world = world.with_company().await;
        let (cookie, token) = world.session(ADA).await;
        let headers = [("cookie", cookie.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        let page = async |path: &str| world.send("GET", path, &headers, "").await;
        let send = async |path: &str, form: &str| world.send("POST", path, &headers, &format!("form_token={token}&{form}")).await;
        let empty = page("/organizations/meridian/domains").await;
        assert!(empty.text.contains("Linking a workspace never claims anybody"), "{}", empty.text);
        assert!(empty.text.contains("Given by the operator's import") && empty.text.contains("meridian.example"));
        let added = send("/organizations/meridian/domains", "domain=meridian.example").await;
        assert_eq!((added.status, added.location.as_str()), (303, DOMAIN), "{}", added.text);
        let one = page(DOMAIN).await;
        let text = one.text.split("orglink-domain=").nth(1).unwrap().split('<').next().unwrap();
        assert!(one.text.contains(RECORD) && one.text.contains("Check now") && !one.text.contains("Preview a claim"), "{}", one.text);
        let wrong = send(&format!("{DOMAIN}/check"), "").await;
        assert!(wrong.status == 200 && wrong.text.contains("the record was not there"), "{}", wrong.text);
        world.nameserver.put(RECORD, &format!("orglink-domain={text}"));
        let right = send(&format!("{DOMAIN}/check"), "").await;
        assert!(right.text.contains("Verified") && right.text.contains("Preview a claim"), "{}", right.text);
        let previewed = send(&format!("{DOMAIN}/preview"), "").await;
        assert!(previewed.status == 303 && previewed.location.starts_with(&format!("{DOMAIN}/claim?digest=sha256:")), "{}", previewed.location);
        let choice = page(&previewed.location).await;
        let digest = previewed.location.split("digest=").nth(1).unwrap();
        let id = world.person(MIA).await.account().unwrap().id.to_string();
        assert!(choice.text.contains(&format!("value=\"{id}\"")) && choice.text.contains("Claim all"), "{}", choice.text);
        assert_eq!(page(&format!("{DOMAIN}/claim")).await.location, DOMAIN, "without a preview there is nothing to claim");
        assert_eq!(send(&format!("{DOMAIN}/claim"), &format!("digest={digest}&accounts={id}")).await.status, 400, "some or all?");
        let claimed = send(&format!("{DOMAIN}/claim"), &format!("digest={digest}&accounts={id}&who=some")).await;
        assert_eq!(claimed.status, 303, "{}", claimed.text);
        let again = send(&format!("{DOMAIN}/claim"), &format!("digest={digest}&accounts={id}&who=some")).await;
        assert!(again.status == 409 && again.text.contains("accounts.mia@meridian.example") && again.text.contains("announced"), "{}", again.text);
        assert!(page(&claimed.location).await.text.contains("Withdraw"));

        let (hers, her_token) = world.session(MIA).await;
        let her_headers = [("cookie", hers.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        let account = world.send("GET", "/me/account", &her_headers, "").await;
        assert!(account.text.contains("Meridian Freight") && account.text.contains("unless you object"), "{}", account.text);
        let forged = world.send("POST", "/me/management/object", &her_headers, "reason=no").await;
        assert_eq!(forged.status, 403, "the form's token is missing");
        let objected = world.send("POST", "/me/management/object", &her_headers, &format!("form_token={her_token}&reason=Mine+%3Cb%3E")).await;
        assert_eq!(objected.status, 303, "{}", objected.text);
        assert!(world.send("GET", "/me/account", &her_headers, "").await.text.contains("You have objected"));
        let seen = page("/organizations/meridian/managed-accounts?state=objected").await;
        assert!(seen.text.contains("Mine &#60;b&#62;") || seen.text.contains("Mine &lt;b&gt;"), "{}", seen.text);
        let version = seen.text.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let released = send("/organizations/meridian/managed-accounts", &format!("account={id}&version={version}")).await;
        assert_eq!(released.status, 303, "{}", released.text);
        assert!(page("/organizations/meridian/managed-accounts").await.text.contains("Nobody"));
        // The auditor reads, and is offered nothing to do.
        let (cleo, _) = world.session(CLEO).await;
        let read = world.send("GET", DOMAIN, &[("cookie", &cleo)], "").await;
        assert!(read.status == 200 && !read.text.contains("Check now") && !read.text.contains("Remove the domain"), "{}", read.text);
        let (gus, _) = world.session(GUS).await;
        assert_eq!(world.send("GET", DOMAIN, &[("cookie", &gus)], "").await.status, 404);
    }
}
