//! What Windows 11 remembers of each program's icon: in view beside the clock, or in the overflow.

/// One program's icon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct IconSetting {
    /// The program, perhaps with `{…}` in place of a folder that Windows knows.
    pub program: String,
    /// Whether it is in view; absent until somebody chose.
    pub is_promoted: Option<bool>,
}

impl IconSetting {
    /// Whether it is the icon of the program at `path`.
    pub(super) fn is_of(&self, path: &str) -> bool {
        let (stored, path) = (self.program.to_lowercase(), path.to_lowercase());
        match stored.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
            Some((_, below)) => !below.is_empty() && path.ends_with(below),
            None => stored == path,
        }
    }

    /// Whether it is where a click is needed to see it.
    pub(super) fn is_in_overflow(&self) -> bool {
        self.is_promoted != Some(true)
    }

    /// Whether the policy may bring it into view: never against what the person chose.
    pub(super) fn may_be_promoted(&self) -> bool {
        self.is_promoted.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRAY: &str = r"C:\Program Files\Deskbell\deskbell-tray.exe";

    fn setting(program: &str, is_promoted: Option<bool>) -> IconSetting {
        IconSetting { program: program.to_owned(), is_promoted }
    }

    #[test]
    fn an_icon_is_found_by_its_program_also_below_a_folder_that_windows_knows() {
        for (program, expected) in [
            (TRAY, true),
            (r"c:\program files\deskbell\DESKBELL-TRAY.EXE", true),
            (r"{6D809377-6AF0-444B-8957-A3773F02200E}\Deskbell\deskbell-tray.exe", true),
            (r"{6D809377-6AF0-444B-8957-A3773F02200E}", false),
            (r"{6D809377-6AF0-444B-8957-A3773F02200E}\Other\deskbell-tray.exe", false),
            (r"C:\Users\jane\deskbell-tray.exe", false),
            ("", false),
        ] {
            assert_eq!(setting(program, None).is_of(TRAY), expected, "{program}");
        }
    }

    /// AGT-08: the overflow is where an icon is that nobody brought out; what the person chose stays.
    #[test]
    fn only_an_icon_that_nobody_decided_about_may_be_brought_into_view() {
        for (is_promoted, is_in_overflow, may_be_promoted) in
            [(None, true, true), (Some(false), true, false), (Some(true), false, false)]
        {
            let setting = setting(TRAY, is_promoted);
            assert_eq!((setting.is_in_overflow(), setting.may_be_promoted()), (is_in_overflow, may_be_promoted));
        }
    }
}
