//! Names by sound: pinyin in full and by its initials, from every syllable on.

use std::borrow::Cow;

use pinyin::ToPinyinMulti;

use super::runs::{self, Class, Run};
use super::{MAX_WORD, shorten};
use crate::text::plain_reading;

/// How many syllables behind a start are tried in all their readings: by initials, and in full.
const VARIED_INITIALS: usize = 4;
const VARIED_SYLLABLES: usize = 2;
/// Most readings of one letter that are tried, and most variants of one start that are kept.
const MAX_READINGS: usize = 3;
const MAX_VARIANTS: usize = 8;

/// What one letter, or one Latin word, sounds like: the most frequent reading first, each once, at least one.
type Readings<'a> = Vec<Cow<'a, str>>;

struct Syllable<'a> {
    full: Readings<'a>,
    initials: Readings<'a>,
}

/// Tells the sounds of a folded name with Han letters, the most likely readings first and some of them several times; nothing
/// for other names.
///
/// Latin words between Han letters sound as they stand, so `abc科技` is found by `abckj`. A digit ends a sound, because
/// queries are divided there.
pub(super) fn readings(name: &str, tell: &mut dyn FnMut(String)) {
    let runs = runs::split(name);
    let phrases: Vec<Vec<Syllable<'_>>> = runs
        .split(|run| run.class == Class::Digits)
        .filter(|phrase| phrase.iter().any(|run| run.class == Class::Han))
        .map(|phrase| phrase.iter().flat_map(syllables_of).collect())
        .collect();
    for (varied_initials, varied_full) in [(0, 0), (VARIED_INITIALS, VARIED_SYLLABLES)] {
        for phrase in &phrases {
            for start in 0..phrase.len() {
                let rest = phrase.get(start..).unwrap_or_default();
                combine(rest, |syllable| &syllable.initials, varied_initials, tell);
                combine(rest, |syllable| &syllable.full, varied_full, tell);
            }
        }
    }
}

fn syllables_of<'a>(run: &Run<'a>) -> Vec<Syllable<'a>> {
    match run.class {
        Class::Han => run.text.chars().filter_map(syllable).collect(),
        Class::Letters | Class::Digits => {
            vec![Syllable { full: vec![run.text.into()], initials: vec![run.text.into()] }]
        }
    }
}

/// The readings of a Han letter without tones; `None` for kana.
fn syllable(letter: char) -> Option<Syllable<'static>> {
    let (mut full, mut initials) = (Readings::new(), Readings::new());
    for reading in letter.to_pinyin_multi()?.into_iter().map(plain_reading) {
        if full.len() < MAX_READINGS && !full.contains(&reading) {
            let initial = first_letter(&reading);
            if !initials.contains(&initial) {
                initials.push(initial);
            }
            full.push(reading);
        }
    }
    Some(Syllable { full, initials })
}

fn first_letter(reading: &str) -> Cow<'static, str> {
    reading.chars().next().map(String::from).unwrap_or_default().into()
}

/// Joins syllables: every reading of the first `varied`, the most frequent one of the rest. Nothing is told where those have one
/// reading each, unless none is to be varied: it would be what is told then.
fn combine<'a>(
    syllables: &'a [Syllable<'a>],
    readings: impl Fn(&'a Syllable<'a>) -> &'a Readings<'a>,
    varied: usize,
    tell: &mut dyn FnMut(String),
) {
    if varied > 0 && syllables.iter().take(varied).all(|syllable| readings(syllable).len() == 1) {
        return;
    }
    // Each with the number of its letters.
    let mut joined = vec![(String::with_capacity(2 * MAX_WORD), 0)];
    for (position, syllable) in syllables.iter().enumerate() {
        if joined.iter().all(|(_, letters)| *letters >= MAX_WORD) {
            break;
        }
        match readings(syllable).as_slice() {
            [most_frequent, ..] if position >= varied => joined.iter_mut().for_each(|text| extend(text, most_frequent)),
            several => {
                let with = |text: &(String, usize), reading: &str| {
                    let mut text = text.clone();
                    extend(&mut text, reading);
                    text
                };
                let longer = joined.iter().flat_map(|text| several.iter().map(move |reading| with(text, reading)));
                joined = longer.take(MAX_VARIANTS).collect();
            }
        }
    }
    for (mut text, _) in joined {
        if shorten(&mut text, MAX_WORD) > 0 {
            tell(text);
        }
    }
}

fn extend((text, letters): &mut (String, usize), reading: &str) {
    text.push_str(reading);
    *letters += reading.chars().count();
}
