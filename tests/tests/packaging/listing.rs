//! A package's files as a tool lists them, held against the one list.

use std::collections::BTreeSet;

use deskbell_installer::contents::{Product, System, contents};

/// A file as `ls -l`, `dpkg-deb -c` and `rpm -qlv` show it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Listed {
    path: String,
    mode: String,
    owner: String,
    group: String,
}

/// What the one list says.
pub(crate) fn promised(product: Product, system: System) -> BTreeSet<Listed> {
    let listed = contents(product, system).iter().map(|item| Listed {
        path: item.path.to_owned(),
        mode: letters(item.mode),
        owner: item.owner.to_owned(),
        group: item.group.to_owned(),
    });
    listed.collect()
}

/// The files, without the folders, of a listing whose lines begin with these columns after the mode and end in a path.
pub(crate) fn listed(lines: &str, owner: usize, group: usize) -> BTreeSet<Listed> {
    let files = lines.lines().filter(|line| line.starts_with('-'));
    let listed = files.map(|line| {
        // dpkg writes owner and group as one: "root/root".
        let start = line.find(" ./").or_else(|| line.find(" /")).unwrap_or(line.len());
        let (columns, path) = line.split_at(start);
        let columns: Vec<&str> = columns.split([' ', '/']).filter(|column| !column.is_empty()).collect();
        let column = |number: usize| columns.get(number).copied().unwrap_or_default().to_owned();
        let path = path.trim_start().trim_start_matches('.').to_owned();
        Listed { path, mode: column(0), owner: column(owner), group: column(group) }
    });
    listed.collect()
}

fn letters(mode: u32) -> String {
    let letters = (0..9).rev().zip("rwxrwxrwx".chars());
    let letters = letters.map(|(bit, letter)| if mode >> bit & 1 == 1 { letter } else { '-' });
    std::iter::once('-').chain(letters).collect()
}
