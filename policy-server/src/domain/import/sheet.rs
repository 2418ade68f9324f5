//! Imports as text: RFC 4180, with `,` or `;` or a tab between cells, in UTF-8.
//!
//! A cell that a spreadsheet would take for a formula is written with `'` before it (S14, invariant 22), and read without.

use std::{borrow::Cow, collections::BTreeMap};

use strum::VariantArray as _;

use super::column::Column;

/// The largest file, in bytes.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;
/// The most lines below the header.
pub const MAX_LINES: usize = 20_000;
/// What a spreadsheet may take for the beginning of a formula, and what a carriage return is read as.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '\t', '\r', '\0', '\n'];

/// A line of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// Where it stands in the file, the header being line 1; without a file, its number.
    pub line: usize,
    /// What it says.
    pub cells: BTreeMap<Column, String>,
    /// Why it cannot be read.
    pub unreadable: Option<String>,
}

impl Row {
    /// What stands in a column; nothing where there is nothing but white space.
    pub fn cell(&self, column: Column) -> Option<&str> {
        self.cells.get(&column).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
    }
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Its lines below the header.
    pub rows: Vec<Row>,
    /// Headers that mean nothing here.
    pub ignored: Vec<String>,
}

/// Reads a file; fails with what is wrong with it as a whole.
pub fn read(bytes: &[u8]) -> Result<Sheet, String> {
    let text = text(bytes)?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator(&text))
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    if !next(&mut reader, &mut record)? {
        return Err("is empty: its first line must name the columns".into());
    }
    let header = Header::read(&record)?;
    let mut rows = Vec::new();
    while next(&mut reader, &mut record)? {
        if rows.len() == MAX_LINES {
            return Err(format!("has more than {MAX_LINES} lines; import it in parts"));
        }
        let breaks: usize = record.iter().map(|cell| cell.matches('\n').count()).sum();
        let after = usize::try_from(reader.position().line()).unwrap_or(usize::MAX);
        rows.push(header.row(after - 1 - breaks, &record));
    }
    Ok(Sheet { rows, ignored: header.ignored })
}

fn next(reader: &mut csv::Reader<&[u8]>, record: &mut csv::StringRecord) -> Result<bool, String> {
    reader.read_record(record).map_err(|error| format!("cannot be read: {error}"))
}

/// The text with `\n` at the end of every line, without a byte order mark.
fn text(bytes: &[u8]) -> Result<String, String> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err("is UTF-16; save it as UTF-8 (in Excel: \"CSV UTF-8\")".into());
    }
    let text = str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].split(|byte| *byte == b'\n').count();
        format!("is not UTF-8: see line {line}; save it as UTF-8 (in Excel: \"CSV UTF-8\")")
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    Ok(text.replace("\r\n", "\n").replace('\r', "\n") + "\n")
}

/// What stands between the names of the columns most often.
fn separator(text: &str) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    for byte in text.bytes() {
        quoted ^= byte == b'"';
        if byte == b'\n' && !quoted {
            break;
        }
        for (separator, count) in &mut counts {
            *count += usize::from(byte == *separator && !quoted);
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max();
    counts.iter().find(|(_, count)| Some(*count) == most).map_or(b',', |(separator, _)| *separator)
}

struct Header {
    columns: Vec<Option<Column>>,
    ignored: Vec<String>,
}

impl Header {
    fn read(record: &csv::StringRecord) -> Result<Self, String> {
        let mut header = Self { columns: Vec::new(), ignored: Vec::new() };
        for name in record.iter().map(str::trim) {
            let column = Column::of_header(name);
            if column.is_none() && !name.is_empty() {
                header.ignored.push(name.to_owned());
            }
            if let Some(before) = header.columns.iter().position(|known| column.is_some() && *known == column) {
                let (one, other, meaning) =
                    (&record[before], name, column.map_or_else(String::new, |column| column.name().to_owned()));
                return Err(format!("has two columns for {meaning}: {one} and {other}; leave one of them out"));
            }
            header.columns.push(column);
        }
        if header.columns.iter().all(Option::is_none) {
            return Err("has no column that is known; its first line must name some, such as organization, end_user, \
                        end_user_email, serial_number"
                .into());
        }
        Ok(header)
    }

    fn row(&self, line: usize, record: &csv::StringRecord) -> Row {
        let is_blank = record.iter().all(|cell| cell.trim().is_empty());
        let (cells, columns) = (record.len(), self.columns.len());
        if cells != columns && !is_blank {
            let why =
                format!("has {cells} cells where the first line has {columns}; quote texts that have a separator");
            return Row { line, unreadable: Some(why), ..Row::default() };
        }
        let cells = self.columns.iter().zip(record).filter_map(|(column, cell)| {
            let cell = plain(cell).trim();
            column.filter(|_| !cell.is_empty()).map(|column| (column, cell.to_owned()))
        });
        Row { line, cells: cells.collect(), unreadable: None }
    }
}

/// The columns of an export.
pub fn exported() -> impl Iterator<Item = Column> {
    let columns = Column::VARIANTS.iter().copied();
    columns.filter(|column| !matches!(column, Column::FirstName | Column::LastName))
}

/// Writes lines that [`read`] reads.
pub struct SheetWriter(csv::Writer<Vec<u8>>);

impl Default for SheetWriter {
    fn default() -> Self {
        Self(csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new()))
    }
}

impl SheetWriter {
    /// Writes the names of the columns.
    pub fn header(&mut self) {
        self.record(exported().map(|column| Cow::Borrowed(column.name())));
    }

    /// Writes a line.
    pub fn row(&mut self, cells: &BTreeMap<Column, String>) {
        self.record(exported().map(|column| guarded(cells.get(&column).map_or("", String::as_str))));
    }

    /// What was written.
    pub(crate) fn finish(self) -> Vec<u8> {
        self.0.into_inner().expect("memory takes whatever is written")
    }

    fn record<'a>(&mut self, cells: impl Iterator<Item = Cow<'a, str>>) {
        for cell in cells {
            self.0.write_field(cell.as_bytes()).expect("memory takes whatever is written");
        }
        self.0.write_record(None::<&[u8]>).expect("memory takes whatever is written");
    }
}

/// A cell that no spreadsheet takes for a formula.
pub fn guarded(cell: &str) -> Cow<'_, str> {
    if is_formula(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// What [`guarded`] was given.
fn plain(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(cell)
}

/// Whether a spreadsheet takes it for a formula, or would without the `'` before it.
fn is_formula(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(FORMULA)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows(text: &str) -> Vec<Row> {
        read(text.as_bytes()).expect("a sheet").rows
    }

    #[test]
    fn excel_of_any_country_is_read_with_its_separator_mark_and_line_ends() {
        for text in [
            "customer,contact\r\nContoso,Jane Doe\r\n",
            "\u{feff}Customer;Contact\nContoso;Jane Doe",
            "customer\tcontact\rContoso\tJane Doe\r",
            "\"customer\",\"contact\"\n\"Contoso\",\"Jane Doe\"\n",
        ] {
            let rows = rows(text);
            assert_eq!(rows.len(), 1, "{text:?}");
            assert_eq!(rows[0].cell(Column::Organization), Some("Contoso"), "{text:?}");
            assert_eq!(rows[0].cell(Column::EndUser), Some("Jane Doe"), "{text:?}");
            assert_eq!(rows[0].line, 2);
        }
    }

    #[test]
    fn a_line_is_numbered_as_editors_number_it() {
        let rows = rows("site,site_address\r\n\r\nA,\"1 Main Street\r\nSpringfield\"\r\n\r\nB,\r\nC,x,y\r\n,\r\nD,");
        let lines: Vec<_> = rows.iter().map(|row| (row.line, row.cell(Column::Site))).collect();
        assert_eq!(lines, [(3, Some("A")), (6, Some("B")), (7, None), (8, None), (9, Some("D"))]);
        assert!(rows[2].unreadable.as_ref().is_some_and(|why| why.contains("3 cells")), "{:?}", rows[2]);
    }

    #[test]
    fn what_is_wrong_with_a_file_as_a_whole_is_said() {
        for (bytes, words) in [
            (b"".as_slice(), "is empty"),
            (b"customer\nM\xfcller\n", "not UTF-8: see line 2"),
            (b"\xff\xfec\0", "UTF-16"),
            (b"warranty,price\n1,2\n", "no column that is known"),
            (b"customer,x,Company\nA,b,c\n", "customer and Company"),
        ] {
            let why = read(bytes).expect_err("refused");
            assert!(why.contains(words), "{why}");
        }
        let sheet = read(b"customer,warranty,\nA,x,\n").expect("a sheet");
        assert_eq!(sheet.ignored, ["warranty"]);
        assert!(read("customer\n".repeat(MAX_LINES + 1).as_bytes()).is_ok());
        assert!(read("customer\n".repeat(MAX_LINES + 2).as_bytes()).is_err());
    }

    proptest! {
        /// S14: invariant 22 for every text that can stand in a cell, and it comes back as it was.
        #[test]
        fn no_cell_begins_as_a_formula_and_each_is_read_as_it_was(
            cells in prop::collection::btree_map(
                prop::sample::select(exported().collect::<Vec<_>>()),
                "['=+@\t\r\0-]{0,3}([ -~\n]|\\PC){0,12}",
                0..6,
            ),
        ) {
            let mut writer = SheetWriter::default();
            writer.header();
            writer.row(&cells);
            let written = writer.finish();
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(written.as_slice());
            for record in reader.records() {
                for cell in &record.expect("UTF-8") {
                    prop_assert!(!cell.starts_with(FORMULA), "{cell:?}");
                }
            }
            let rows = read(&written).expect("a sheet").rows;
            let lines = |text: &str| text.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned();
            for (column, cell) in &cells {
                let back = rows.first().and_then(|row| row.cell(*column)).unwrap_or_default();
                prop_assert_eq!(lines(back), lines(cell));
            }
        }
    }
}
