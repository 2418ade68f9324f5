//! Moving entries about in a menu that is being written.

use deskbell_protocol::EntryId;

use super::{DraftEntry, EntryType};

type Entries = Vec<DraftEntry>;

/// One place up among its neighbors.
pub(super) fn up(entries: &mut Entries, id: &EntryId) {
    if let Some((level, index @ 1..)) = find(entries, id) {
        level.swap(index - 1, index);
    }
}

/// One place down among its neighbors.
pub(super) fn down(entries: &mut Entries, id: &EntryId) {
    if let Some((level, index)) = find(entries, id)
        && index + 1 < level.len()
    {
        level.swap(index, index + 1);
    }
}

/// To the end of the submenu right above it.
pub(super) fn into(entries: &mut Entries, id: &EntryId) {
    if let Some((level, index @ 1..)) = find(entries, id)
        && level[index - 1].entry_type == EntryType::Submenu
    {
        let entry = level.remove(index);
        level[index - 1].entries.push(entry);
    }
}

/// Out of its submenu, to right below it.
pub(super) fn out(entries: &mut Entries, id: &EntryId) {
    let holder = entries.iter().position(|entry| entry.entries.iter().any(|inner| inner.id == *id));
    match holder {
        Some(index) => {
            if let Some(entry) = take(&mut entries[index].entries, id) {
                entries.insert(index + 1, entry);
            }
        }
        None => entries.iter_mut().for_each(|entry| out(&mut entry.entries, id)),
    }
}

/// In front of another entry, unless that is in the one to be moved.
pub(super) fn before(entries: &mut Entries, id: &EntryId, other: &EntryId) {
    if let Some(entry) = take_beside(entries, id, other)
        && let Some((level, index)) = find(entries, other)
    {
        level.insert(index, entry);
    }
}

/// Right below the line of another entry, unless that is in the one to be moved.
pub(super) fn below(entries: &mut Entries, id: &EntryId, other: &EntryId) {
    if let Some(entry) = take_beside(entries, id, other)
        && let Some((level, index)) = find(entries, other)
    {
        match level[index].entry_type {
            EntryType::Submenu => level[index].entries.insert(0, entry),
            EntryType::Portal | EntryType::Link | EntryType::Separator | EntryType::Information | EntryType::Copy => {
                level.insert(index + 1, entry);
            }
        }
    }
}

/// What is in a submenu; nothing when there is no such submenu.
pub(super) fn inside<'a>(entries: &'a mut Entries, submenu: &EntryId) -> Option<&'a mut Entries> {
    let (level, index) = find(entries, submenu)?;
    let entry = &mut level[index];
    (entry.entry_type == EntryType::Submenu).then_some(&mut entry.entries)
}

/// Away, with everything in it.
pub(super) fn take(entries: &mut Entries, id: &EntryId) -> Option<DraftEntry> {
    find(entries, id).map(|(level, index)| level.remove(index))
}

/// Takes an entry that is to stand beside another one, if it can.
fn take_beside(entries: &mut Entries, id: &EntryId, other: &EntryId) -> Option<DraftEntry> {
    let (level, index) = find(entries, id)?;
    let contains_other = level[index].id == *other || find(&mut level[index].entries, other).is_some();
    if contains_other || find(entries, other).is_none() { None } else { take(entries, id) }
}

/// The level that an entry is on, and where on it.
fn find<'a>(entries: &'a mut Entries, id: &EntryId) -> Option<(&'a mut Entries, usize)> {
    match entries.iter().position(|entry| entry.id == *id) {
        Some(index) => Some((entries, index)),
        None => entries.iter_mut().find_map(|entry| find(&mut entry.entries, id)),
    }
}
