//! Who might be here already: comparing a lead with customers and contacts by normalised keys.

use crate::text_enum::text_enum;

/// From this score on, creating a new record is refused unless it is forced.
pub const BLOCKING_SCORE: u8 = 80;

/// What each further match adds to the best one.
const BONUS: u8 = 5;
/// Names less alike than this do not count.
const LEAST_ALIKE: f64 = 0.92;

text_enum! {
    /// What a lead and a candidate have in common.
    pub enum Matched {
        /// An e-mail address.
        Email = "email",
        /// A telephone number.
        Phone = "phone",
        /// The tax id.
        TaxId = "tax_id",
        /// The domain of website or e-mail.
        Domain = "domain",
        /// The name, or almost.
        Name = "name",
    }
}

/// What a lead is compared by. All values are normalised: lower case, E.164, `name_key`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeadKeys {
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// Tax id.
    pub tax_id: Option<String>,
    /// Domain of website or e-mail.
    pub domain: Option<String>,
    /// Folded name of the company (for customers) or person (for contacts).
    pub name_key: Option<String>,
}

/// What a candidate is compared by, normalised in the same way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CandidateKeys {
    /// E-mail addresses.
    pub emails: Vec<String>,
    /// Telephone numbers.
    pub phones: Vec<String>,
    /// Tax id.
    pub tax_id: Option<String>,
    /// Domain of website or e-mail.
    pub domain: Option<String>,
    /// Folded name.
    pub name_key: Option<String>,
}

/// How sure it is that both are the same, 0 to 100, and why: the best match plus 5 for each further one.
///
/// Alone, an equal tax id counts 100, e-mail 95, telephone 90, name 80, domain 60 and a similar name
/// (Jaro–Winkler ≥ 0.92) 50 to 70.
#[must_use]
pub fn score(lead: &LeadKeys, candidate: &CandidateKeys) -> (u8, Vec<Matched>) {
    let own_domain = lead.domain.as_ref().filter(|domain| !is_shared_domain(domain));
    let found = [
        (Matched::TaxId, points(100, is_equal(lead.tax_id.as_ref(), candidate.tax_id.as_ref()))),
        (Matched::Email, points(95, is_among(lead.email.as_ref(), &candidate.emails))),
        (Matched::Phone, points(90, is_among(lead.phone.as_ref(), &candidate.phones))),
        (Matched::Name, name_points(lead.name_key.as_deref(), candidate.name_key.as_deref())),
        (Matched::Domain, points(60, is_equal(own_domain, candidate.domain.as_ref()))),
    ];
    let matched: Vec<(Matched, u8)> = found.into_iter().filter(|(_, points)| *points > 0).collect();
    let best = matched.iter().map(|(_, points)| *points).max().unwrap_or(0);
    let further = u8::try_from(matched.len().saturating_sub(1)).unwrap_or(0);
    (best.saturating_add(further * BONUS).min(100), matched.into_iter().map(|(what, _)| what).collect())
}

/// Whether a domain belongs to a mail provider, so that sharing it means nothing.
#[must_use]
pub fn is_shared_domain(domain: &str) -> bool {
    SHARED_DOMAINS.contains(&domain)
}

const SHARED_DOMAINS: [&str; 36] = [
    "126.com",
    "139.com",
    "163.com",
    "188.com",
    "189.cn",
    "21cn.com",
    "aliyun.com",
    "aol.com",
    "foxmail.com",
    "free.fr",
    "fastmail.com",
    "gmail.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hey.com",
    "hotmail.com",
    "icloud.com",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "outlook.com",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "sina.cn",
    "sina.com",
    "sohu.com",
    "web.de",
    "yahoo.com",
    "yandex.ru",
    "yeah.net",
    "ymail.com",
];

fn points(points: u8, is_match: bool) -> u8 {
    if is_match { points } else { 0 }
}

fn is_equal(one: Option<&String>, other: Option<&String>) -> bool {
    one.is_some_and(|one| !one.is_empty() && Some(one) == other)
}

fn is_among(one: Option<&String>, others: &[String]) -> bool {
    one.is_some_and(|one| !one.is_empty() && others.contains(one))
}

fn name_points(one: Option<&str>, other: Option<&str>) -> u8 {
    let (Some(one), Some(other)) = (one, other) else { return 0 };
    if one.is_empty() || other.is_empty() {
        return 0;
    }
    if one == other {
        return 80;
    }
    match strsim::jaro_winkler(one, other) {
        likeness if likeness >= LEAST_ALIKE => likeness_points(likeness),
        _ => 0,
    }
}

/// 50 at the least likeness that counts, 70 at one.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 50–70 before the cast")]
fn likeness_points(likeness: f64) -> u8 {
    let share = (likeness - LEAST_ALIKE) / (1.0 - LEAST_ALIKE);
    (50.0 + 20.0 * share).round().clamp(50.0, 70.0) as u8
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    fn lead() -> LeadKeys {
        LeadKeys {
            email: text("wang@acme.cn"),
            phone: text("+8613800138000"),
            tax_id: text("91310000X"),
            domain: text("acme.cn"),
            name_key: text("acme technology"),
        }
    }

    #[test]
    fn each_key_alone() {
        let none = CandidateKeys::default();
        let table = [
            (CandidateKeys { tax_id: text("91310000X"), ..none.clone() }, 100, Matched::TaxId),
            (CandidateKeys { emails: vec!["a@b.c".into(), "wang@acme.cn".into()], ..none.clone() }, 95, Matched::Email),
            (CandidateKeys { phones: vec!["+8613800138000".into()], ..none.clone() }, 90, Matched::Phone),
            (CandidateKeys { name_key: text("acme technology"), ..none.clone() }, 80, Matched::Name),
            (CandidateKeys { domain: text("acme.cn"), ..none.clone() }, 60, Matched::Domain),
        ];
        for (candidate, expected, why) in table {
            assert_eq!(score(&lead(), &candidate), (expected, vec![why]));
        }
        assert_eq!(score(&lead(), &none), (0, Vec::new()));
    }

    #[test]
    fn several_matches_add_up_to_a_hundred_at_most() {
        let candidate =
            CandidateKeys { domain: text("acme.cn"), name_key: text("acme technology"), ..CandidateKeys::default() };
        assert_eq!(score(&lead(), &candidate), (85, vec![Matched::Name, Matched::Domain]));
        let all =
            CandidateKeys { emails: vec!["wang@acme.cn".into()], phones: vec!["+8613800138000".into()], ..candidate };
        assert_eq!(score(&lead(), &all).0, 100);
    }

    #[test]
    fn similar_names_count_less_than_equal_ones() {
        let similar = CandidateKeys { name_key: text("acme technologies"), ..CandidateKeys::default() };
        let (points, why) = score(&lead(), &similar);
        assert!((50..=70).contains(&points), "{points}");
        assert_eq!(why, [Matched::Name]);
        let other = CandidateKeys { name_key: text("zenith foods"), ..CandidateKeys::default() };
        assert_eq!(score(&lead(), &other).0, 0);
    }

    #[test]
    fn one_other_character_in_a_chinese_name_is_somebody_else() {
        let wang = LeadKeys { name_key: text("王小明"), ..LeadKeys::default() };
        let other = CandidateKeys { name_key: text("王小红"), ..CandidateKeys::default() };
        assert_eq!(score(&wang, &other).0, 0);
    }

    #[test]
    fn a_mail_providers_domain_means_nothing() {
        let lead = LeadKeys { domain: text("qq.com"), ..LeadKeys::default() };
        let candidate = CandidateKeys { domain: text("qq.com"), ..CandidateKeys::default() };
        assert_eq!(score(&lead, &candidate).0, 0);
    }

    #[test]
    fn empty_keys_never_match() {
        let lead = LeadKeys { email: text(""), name_key: text(""), tax_id: text(""), ..LeadKeys::default() };
        let candidate = CandidateKeys {
            emails: vec![String::new()],
            name_key: text(""),
            tax_id: text(""),
            ..CandidateKeys::default()
        };
        assert_eq!(score(&lead, &candidate).0, 0);
    }

    proptest! {
        #[test]
        fn scores_are_in_range_and_explained(one in "[ab ]{0,6}", other in "[ab ]{0,6}", domain in "[ab]{0,1}", email in "[ab]{0,1}") {
            let lead = LeadKeys { name_key: Some(one), domain: text("a"), email: text("a"), ..LeadKeys::default() };
            let candidate = CandidateKeys { name_key: Some(other), domain: Some(domain), emails: vec![email], ..CandidateKeys::default() };
            let (points, why) = score(&lead, &candidate);
            prop_assert!(points <= 100);
            prop_assert_eq!(points > 0, !why.is_empty());
            prop_assert!(points == 0 || points >= 50);
        }
    }
}
