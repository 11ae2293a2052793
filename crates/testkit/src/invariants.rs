//! What must always hold.

use orglink_app::upkeep;

use crate::TestApp;

impl TestApp {
    /// Every event there is, in order, after placing what is pending.
    pub async fn events(&self) -> Vec<orglink_domain::event::Event> {
        upkeep::sequence_all(&self.app).await.unwrap();
        let mut tx = self.app.db.begin_read().await.unwrap();
        let mut events = Vec::new();
        loop {
            let after = events.last().map_or(0, |e: &orglink_domain::event::Event| e.position);
            let page = orglink_store::event::list_after(&mut tx, after, 1000, None).await.unwrap();
            if page.is_empty() {
                return events;
            }
            events.extend(page);
        }
    }

    /// What must always hold: dense positions, one event a link, stored reasons that are true.
    pub async fn check_invariants(&self) {
        let events = self.events().await;
        let positions: Vec<i64> = events.iter().map(|e| e.position).collect();
        assert_eq!(positions, (1..=i64::try_from(events.len()).unwrap()).collect::<Vec<_>>(), "positions are dense");
        assert_eq!(upkeep::find_wrong_reasons(&self.app).await.unwrap(), Vec::<String>::new());
        let mut linked: Vec<_> = events
            .iter()
            .filter(|e| e.kind == orglink_domain::event::EventType::WorkspaceLinked)
            .map(|e| e.workspace_id.unwrap())
            .collect();
        for ended in events.iter().filter(|e| e.kind == orglink_domain::event::EventType::WorkspaceUnlinked) {
            let at = linked.iter().position(|id| Some(*id) == ended.workspace_id);
            linked.remove(at.expect("only what was linked is unlinked"));
        }
        let mut tx = self.app.db.begin_read().await.unwrap();
        let apart = orglink_store::directory::find_any_apart(&mut tx).await.unwrap();
        assert_eq!(apart, None, "the members of an attached group are those of the directory's");
        let links = orglink_store::link::list_active_of(&mut tx, &linked).await.unwrap();
        assert_eq!(links.len(), linked.len(), "every linked event has its link");
        linked.sort_unstable();
        linked.dedup();
        assert_eq!(links.len(), linked.len(), "one event a link");
    }
}
