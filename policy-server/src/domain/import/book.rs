//! Things of a kind while an import is planned: what each was, what it would be, and which lines said so.

use std::{
    collections::{BTreeMap, HashMap},
    hash::Hash,
};

use super::{
    column::Column,
    plan::{LineRemark, Written},
};

/// Things of a kind.
pub(super) struct Book<T>(Vec<Entry<T>>);

/// A thing.
pub(super) struct Entry<T> {
    before: Option<T>,
    /// What it would be.
    pub(super) now: T,
    /// The line that is about it, as its place among the lines.
    pub(super) line: Option<usize>,
    /// The first line that names it.
    first_line: Option<usize>,
    said: BTreeMap<Column, (String, usize)>,
}

/// Where things stand that are alike in something. What has changed since it was put here stays, so whoever looks
/// something up compares.
pub(super) struct Index<K>(HashMap<K, Vec<usize>>);

impl<T: Clone + PartialEq> Book<T> {
    /// Of what there is.
    pub(super) fn of(known: Vec<T>) -> Self {
        let entries = known.into_iter().map(|thing| Entry { before: Some(thing.clone()), ..Entry::new(thing) });
        Self(entries.collect())
    }

    /// Adds what is made, and gives its place.
    pub(super) fn make(&mut self, thing: T) -> usize {
        self.0.push(Entry::new(thing));
        self.0.len() - 1
    }

    pub(super) fn at(&self, place: usize) -> &T {
        &self.0[place].now
    }

    /// What it was before the import; nothing when it is made.
    pub(super) fn before(&self, place: usize) -> Option<&T> {
        self.0[place].before.as_ref()
    }

    pub(super) fn entry(&mut self, place: usize) -> &mut Entry<T> {
        &mut self.0[place]
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &T)> {
        self.0.iter().map(|entry| &entry.now).enumerate()
    }

    /// What would be written, each with the line where it is told of.
    pub(super) fn written(self) -> impl Iterator<Item = (usize, Written<T>)> {
        let changed = self.0.into_iter().filter(|entry| entry.before.as_ref() != Some(&entry.now));
        changed.filter_map(|entry| {
            let line = entry.line.or(entry.first_line)?;
            Some((line, Written { before: entry.before, now: entry.now }))
        })
    }
}

impl<T> Entry<T> {
    fn new(thing: T) -> Self {
        Self { before: None, now: thing, line: None, first_line: None, said: BTreeMap::new() }
    }

    /// Notes that a line names it.
    pub(super) fn mention(&mut self, line: usize) {
        self.first_line = Some(self.first_line.map_or(line, |first| first.min(line)));
    }

    /// Notes that the line with this number says this of it. `false` when a line has said the same; a fault when one has said
    /// something else, compared as `key` makes it.
    pub(super) fn say(
        &mut self,
        column: Column,
        value: &str,
        number: usize,
        key: impl Fn(&str) -> String,
    ) -> Result<bool, LineRemark> {
        match self.said.get(&column) {
            None => {
                self.said.insert(column, (value.to_owned(), number));
                Ok(true)
            }
            Some((other, _)) if key(other) == key(value) => Ok(false),
            Some((other, line)) => {
                let detail = format!("contradicts line {line}, which says of the same one: {other}");
                Err(LineRemark::of(column, detail))
            }
        }
    }
}

impl<K: Eq + Hash> Index<K> {
    /// Of things by what `key` makes of them.
    pub(super) fn of<T: Clone + PartialEq>(book: &Book<T>, key: impl Fn(&T) -> Option<K>) -> Self {
        let mut index = Self(HashMap::new());
        for (place, thing) in book.iter() {
            if let Some(key) = key(thing) {
                index.add(key, place);
            }
        }
        index
    }

    pub(super) fn add(&mut self, key: K, place: usize) {
        let places = self.0.entry(key).or_default();
        if !places.contains(&place) {
            places.push(place);
        }
    }

    pub(super) fn get(&self, key: &K) -> &[usize] {
        self.0.get(key).map_or(&[], Vec::as_slice)
    }
}
