//! Folders by their names.

use std::collections::HashMap;

use crate::domain::{
    ids::{FolderId, OrganizationId},
    policy::MAX_TREE_DEPTH,
    search::search_key,
};

/// Where a folder is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderPath {
    /// Which one.
    pub id: FolderId,
    /// Whose.
    pub organization: OrganizationId,
    /// The names from below the organization down to it, joined by `/`.
    pub path: String,
}

impl FolderPath {
    /// Folders with their paths, from each one's id, organization, folder above and name.
    pub fn with_paths(folders: &[(FolderId, OrganizationId, Option<FolderId>, String)]) -> Vec<Self> {
        let by_id: HashMap<_, _> = folders.iter().map(|(id, _, above, name)| (*id, (*above, name.as_str()))).collect();
        let path = |id: FolderId| {
            let mut names = Vec::new();
            let mut here = by_id.get(&id);
            while let Some((above, name)) = here
                && names.len() < MAX_TREE_DEPTH
            {
                names.push(*name);
                here = above.as_ref().and_then(|above| by_id.get(above));
            }
            names.reverse();
            names.join("/")
        };
        folders
            .iter()
            .map(|(id, organization, ..)| Self { id: *id, organization: *organization, path: path(*id) })
            .collect()
    }
}

/// A folder's path as it is compared.
pub fn path_key(path: &str) -> String {
    path.split('/').map(|name| search_key(&[name])).collect::<Vec<_>>().join("/")
}

/// The folder that `names` lead to, from `place` on; absent: from its organization on. Nothing when there is none, or
/// several.
pub fn folder_below(folders: &[FolderPath], place: Option<FolderId>, names: &str) -> Option<FolderId> {
    let start = match place {
        Some(place) => format!("{}/", folders.iter().find(|folder| folder.id == place)?.path),
        None => String::new(),
    };
    let wanted = path_key(&format!("{start}{names}"));
    let mut found = folders.iter().filter(|folder| path_key(&folder.path) == wanted);
    found.next().filter(|_| found.next().is_none()).map(|folder| folder.id)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn names_lead_to_one_folder_below_a_place_and_nowhere_else() {
        let id = |number: u128| FolderId(Uuid::from_u128(number));
        let organization = OrganizationId(Uuid::from_u128(100));
        let folders = [
            (1, None, "Floor 2"),
            (2, Some(1), "Reception"),
            (3, None, "Reception"),
            (4, Some(3), "Desk"),
            (5, Some(3), "desk"),
        ];
        let rows = folders.map(|(number, above, name)| (id(number), organization, above.map(id), name.to_owned()));
        let folders = FolderPath::with_paths(&rows);
        for (place, names, found) in [
            (None, "Floor 2/Reception", Some(2)),
            (None, " floor  2/ RECEPTION ", Some(2)),
            (None, "Reception", Some(3)),
            (Some(1), "Reception", Some(2)),
            (Some(1), "Floor 2/Reception", None),
            (Some(1), "../Reception", None),
            (Some(2), "Reception", None),
            (None, "Reception/Desk", None),
            (None, "", None),
            (Some(9), "Reception", None),
        ] {
            assert_eq!(folder_below(&folders, place.map(id), names), found.map(id), "{names} below {place:?}");
        }
    }
}
