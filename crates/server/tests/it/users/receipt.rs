//! The receipt of a migration verifies with nothing but the public key, and breaks at every changed figure.

use orglink_app::ledger::{find_public_key, integrate_all};
use orglink_app::receipt::verify_receipt;
use orglink_domain::ledger::VerifierKey;
use orglink_testkit::both;

use super::{ADA, BEN, LENA, MIA, W, code, linked, migrated};
use crate::cli::run as command;

both! {
    async fn both_sides_have_it(world) {
        let world = migrated(world).await;
        world.events().await;
        integrate_all(&world.app).await.unwrap();
        let key: VerifierKey = find_public_key(&world.app).await.unwrap().parse().unwrap();
        let path = format!("/workspaces/{W}/receipt?act=migrate_users");
        let (mia, lena) = (world.token(MIA).await, world.token(LENA).await);
        assert_eq!(world.api(&mia, "GET", &path, None).await.status, 403);
        assert_eq!(world.api(&lena, "GET", &path, None).await.status, 404);
        for who in [ADA, BEN] {
            let got = world.api(&world.token(who).await, "GET", &path, None).await;
            assert_eq!(got.status, 200, "{}", got.text);
            let verified = verify_receipt(got.text.as_bytes(), &key).unwrap();
            assert!(verified.headline().contains("migrated into the directory"), "{}", verified.headline());
            let facts = verified.facts();
            let has = |label: &str| facts.iter().filter(|f| f.label == label).count();
            assert_eq!((has("Consent"), has("Warning acknowledged")), (1, 3), "{facts:?}");
            let touched = got.text.replacen("migration_is_permanent", "migration_is_permanenT", 1);
            assert!(verify_receipt(touched.as_bytes(), &key).is_err());
        }
        let file = tempfile::NamedTempFile::new().unwrap();
        let out = file.path().display().to_string();
        let (status, _, said) = command(&world, &["receipt", "export", "--workspace", W, "--users", "--out", &out, "--as", ADA, "--json"]);
        assert_eq!(status, 0, "{said}");
        // The link has its own, as ever.
        let got = world.api(&world.token(ADA).await, "GET", &format!("/workspaces/{W}/receipt"), None).await;
        let verified = verify_receipt(got.text.as_bytes(), &key).unwrap();
        assert!(verified.headline().contains("was linked"), "{}", verified.headline());
    }

    async fn before_there_is_none(world) {
        let world = linked(world).await;
        world.events().await;
        integrate_all(&world.app).await.unwrap();
        let got = world.api(&world.token(ADA).await, "GET", &format!("/workspaces/{W}/receipt?act=migrate_users"), None).await;
        assert_eq!(code(&got), (409, "users_not_migrated".into()));
    }
}
