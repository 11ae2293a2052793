//! What a campaign means for one workspace: its dates, what will happen on the day and why, and the ways to change that.

use orglink_domain::campaign::automatic::{Decision, DecisionState, Fate, Rule, Target, group_key};
use orglink_domain::campaign::{Calendar, Campaign, CampaignState, Purpose};
use orglink_domain::clock::Timestamp;
use orglink_domain::id::AccountId;
use orglink_mail::Named;
use orglink_policy::Action;
use orglink_store::campaign::{self, Candidate, IdRange, Postponed};
use orglink_store::{Tx, account, organization, stage, workspace};

use super::facts::Rules;
use super::prefer::{PreferenceView, preferences_of};
use super::report::DecisionView;
use super::tell::{calendar_of, dates_of};
use crate::link::undo_until;
use crate::tenant::WorkspaceProof;
use crate::{App, Error, Principal};

/// Workspaces of one person that are looked at to find who shares a new organization.
const SIBLINGS: i64 = 200;

/// What everybody may know of the campaign that goes on.
#[derive(Debug, Clone)]
pub struct PublicCampaign {
    pub name: String,
    pub title: String,
    pub state: CampaignState,
    pub zone: String,
    /// As people read them: `15 March 2026, 24:00 UTC`.
    pub link_by: String,
    pub automatic_from: String,
    pub closes_at: Timestamp,
    pub automatic_at: Timestamp,
}

impl PublicCampaign {
    pub(crate) fn of(campaign: &Campaign, calendar: &Calendar) -> Self {
        let dates = dates_of(&campaign.definition, calendar);
        Self {
            name: campaign.definition.name.clone(),
            title: campaign.definition.title.clone(),
            state: campaign.state,
            zone: calendar.zone.name().to_owned(),
            link_by: dates.link_by_said,
            automatic_from: dates.automatic_said,
            closes_at: calendar.closes_at,
            automatic_at: calendar.automatic_at,
        }
    }
}

/// One workspace in a campaign.
#[derive(Debug, Clone)]
pub struct Outlook {
    pub campaign: PublicCampaign,
    /// When its admins were first told.
    pub told_at: Option<Timestamp>,
    /// Reminders that are still to come while it is not linked.
    pub reminders: Vec<Timestamp>,
    pub is_linked: bool,
    /// What will happen on the day if nothing changes, or has; none when it is linked by hand.
    pub decision: Option<DecisionView>,
    /// It is decided for good, and only a change of the workspace changes it.
    pub is_final: bool,
    /// Who will administer the organization, by name: only for those who see the workspace's people.
    pub admins: Vec<String>,
    pub postponed: Option<Postponed>,
    /// How long one may ask for, when there is any to give.
    pub postponement_until: Option<Timestamp>,
    pub preferences: Vec<PreferenceView>,
    pub may_decide: bool,
    /// It was linked by itself, that can be undone for now, and the one who asks may do so.
    pub may_undo: bool,
}

/// The campaign that goes on and that people are told of, the oldest if there are several.
///
/// # Errors
/// When the database is not reachable.
pub async fn current_campaign(app: &App) -> Result<Option<PublicCampaign>, Error> {
    let mut tx = app.db.begin_read().await?;
    let Some(found) = current(&mut tx).await? else { return Ok(None) };
    let calendar = calendar_of(&found.definition)?;
    Ok((found.state != CampaignState::Announced).then(|| PublicCampaign::of(&found, &calendar)))
}

/// What somebody still has to do before a date: shown on every page.
#[derive(Debug, Clone)]
pub struct Deadline {
    /// `15 March 2026, 24:00 UTC`.
    pub link_by: String,
    /// Workspaces that they administer, that the campaign has told of, and that are not linked.
    pub count: i64,
    /// One of them.
    pub workspace: Named,
}

/// What somebody still has to choose while the campaign that goes on lets them.
pub(crate) async fn find_deadline(tx: &mut Tx, account: AccountId) -> Result<Option<Deadline>, Error> {
    let Some(of) = current(tx).await?.filter(|of| of.state == CampaignState::Open) else { return Ok(None) };
    let Some((count, slug)) = campaign::count_told_unlinked(tx, of.id, account).await? else { return Ok(None) };
    let Some(w) = workspace::find_by_reference(tx, &slug).await? else { return Ok(None) };
    let dates = dates_of(&of.definition, &calendar_of(&of.definition)?);
    Ok(Some(Deadline { link_by: dates.link_by_said, count, workspace: Named::new(w.slug, w.name) }))
}

/// The campaign that links.
async fn current(tx: &mut Tx) -> Result<Option<Campaign>, Error> {
    of_purpose(tx, Purpose::Link).await
}

/// The campaign that goes on for a purpose; of several, the one that was announced first.
pub(crate) async fn of_purpose(tx: &mut Tx, purpose: Purpose) -> Result<Option<Campaign>, Error> {
    Ok(campaign::list_alive(tx).await?.into_iter().find(|of| of.definition.purpose == purpose))
}

/// What the campaign that goes on means for a workspace; nothing when none does.
///
/// # Errors
/// `NotFound` for a workspace that may not be seen; a refusal for whoever is no member.
pub async fn view_outlook(app: &App, principal: &Principal, reference: &str) -> Result<Option<Outlook>, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = WorkspaceProof::load(app, &mut tx, principal, reference, Action::ViewCampaign).await?;
    let id = proof.workspace().id;
    let of_link = match proof.link().and_then(|link| link.origin.run()) {
        Some(run) => campaign::find_of_run(&mut tx, run).await?,
        None => None,
    };
    // Of what was linked by itself, the campaign that did it, over or not.
    let of = match of_link {
        Some(of) => of,
        None => match current(&mut tx).await? {
            Some(of) => of,
            None => return Ok(None),
        },
    };
    let calendar = calendar_of(&of.definition)?;
    let now = app.now();
    let run = campaign::find_real_run(&mut tx, of.id).await?;
    let kept = match &run {
        Some(run) => campaign::find_decision(&mut tx, run.id, id).await?,
        None => None,
    };
    let is_final = kept.is_some();
    let rules = Rules::new(app, &of, &of.definition, &calendar, (now, calendar.automatic_at.max(now)));
    let candidate = campaign::list_candidates(&mut tx, IdRange::only(id), 1, rules.wanted).await?.into_iter().next();
    let decision = match (kept, &candidate) {
        (Some(kept), _) => Some(DecisionView::of(kept)),
        (None, Some(candidate)) => Some(foresee(&mut tx, &rules, candidate).await?),
        (None, None) => None,
    };
    let may_decide = proof.may(app, Action::PreferOrganization);
    let is_operator = app.may(Action::ManageCampaigns, principal.standing());
    // Where it goes is for those who can do something about it; others learn it when it is linked.
    let decision = decision.map(|d| if may_decide || is_operator { d } else { d.without_organization() });
    let budget = i64::from(of.definition.postponement.budget);
    let used = campaign::count_postponements(&mut tx, &of, id).await?;
    let is_open = matches!(of.state, CampaignState::Announced | CampaignState::Open);
    let longest = of.definition.postponement.longest.as_seconds();
    let may_see_people = proof.may(app, Action::ViewWorkspacePeople);
    let admins = match &candidate {
        Some(c) if may_see_people => {
            let ids: Vec<_> = c.facts.admins.iter().copied().collect();
            account::list_by_ids(&mut tx, &ids).await?.into_iter().map(|a| a.name).collect()
        }
        _ => Vec::new(),
    };
    let may_be_undone = match proof.link() {
        Some(link) if link.origin.run().is_some() => {
            undo_until(link, stage::find(&mut tx, link.id).await?, now).is_some()
        }
        _ => false,
    };
    Ok(Some(Outlook {
        told_at: campaign::find_first_notice(&mut tx, of.id, id).await?,
        reminders: calendar.tellings.iter().filter(|t| t.at > now).map(|t| t.at).collect(),
        is_linked: proof.link().is_some(),
        decision,
        is_final,
        admins,
        postponed: campaign::find_postponement(&mut tx, of.id, id).await?,
        postponement_until: (is_open && used < budget).then(|| calendar.automatic_at.plus_seconds(longest)),
        preferences: preferences_of(app, &mut tx, principal, id).await?,
        may_decide,
        may_undo: proof.may(app, Action::UndoLink) && may_be_undone,
        campaign: PublicCampaign::of(&of, &calendar),
    }))
}

/// What the rules say as things are now, with what a new organization would be called.
async fn foresee(tx: &mut Tx, rules: &Rules<'_>, candidate: &Candidate) -> Result<DecisionView, Error> {
    let fate = rules.fate(candidate);
    let decided = rules.decided(candidate, fate);
    let mut named = campaign::NamedDecision {
        slug: candidate.slug.clone(),
        name: candidate.name.clone(),
        organization: None,
        group_name: candidate.name.clone(),
        group_size: 1,
        decided,
    };
    match fate {
        Fate::Goes(Decision { target: Target::Organization(id), .. }) => {
            named.organization = organization::find(tx, id).await?.map(|o| (o.slug, o.name));
        }
        Fate::Goes(mut decision) => {
            let siblings = siblings(tx, rules, candidate).await?;
            if siblings.len() > 1 {
                decision.rule = Rule::SharedAdmins;
                named.decided.fate = Fate::Goes(decision);
                named.group_size = i64::try_from(siblings.len()).unwrap_or(1);
                let mut largest: Option<(i64, &Candidate)> = None;
                for sibling in &siblings {
                    let members = workspace::find_summary(tx, sibling.id).await?.members;
                    let is_larger = largest
                        .is_none_or(|(most, other)| members > most || (members == most && sibling.slug < other.slug));
                    if is_larger {
                        largest = Some((members, sibling));
                    }
                }
                if let Some((_, largest)) = largest {
                    named.group_name.clone_from(&largest.name);
                }
            }
        }
        Fate::Stays(_) => {}
    }
    let mut view = DecisionView::of(named);
    view.state = if matches!(fate, Fate::Stays(_)) { DecisionState::LeftAlone } else { DecisionState::Decided };
    // A wave is chosen when all is decided.
    view.wave = None;
    Ok(view)
}

/// The workspaces that would get the same new organization, itself among them.
async fn siblings(tx: &mut Tx, rules: &Rules<'_>, of: &Candidate) -> Result<Vec<Candidate>, Error> {
    let key = group_key(&of.facts);
    let mut found = vec![of.clone()];
    let Some(admin) = of.facts.admins.first() else { return Ok(found) };
    for other in workspace::list_administered(tx, *admin, "", SIBLINGS).await? {
        if other.id == of.id {
            continue;
        }
        let page = campaign::list_candidates(tx, IdRange::only(other.id), 1, rules.wanted).await?;
        let same = |c: &Candidate| {
            group_key(&c.facts) == key && matches!(rules.fate(c), Fate::Goes(Decision { target: Target::Group(_), .. }))
        };
        found.extend(page.into_iter().filter(same));
    }
    Ok(found)
}
