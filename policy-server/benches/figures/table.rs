//! One line for each figure.

/// A figure with what it is compared to.
pub(crate) struct Row {
    name: String,
    figure: f64,
    unit: &'static str,
    reference: Option<(&'static str, f64)>,
    target: Option<Target>,
}

enum Target {
    AtMost(f64),
    AtLeast(f64),
    RatioAtLeast(f64),
}

impl Row {
    pub(crate) fn new(name: impl Into<String>, figure: f64, unit: &'static str) -> Self {
        Self { name: name.into(), figure, unit, reference: None, target: None }
    }

    pub(crate) fn at_most(self, limit: f64) -> Self {
        Self { target: Some(Target::AtMost(limit)), ..self }
    }

    pub(crate) fn at_least(self, limit: f64) -> Self {
        Self { target: Some(Target::AtLeast(limit)), ..self }
    }

    pub(crate) fn ratio_at_least(self, limit: f64) -> Self {
        Self { target: Some(Target::RatioAtLeast(limit)), ..self }
    }

    pub(crate) fn beside(self, name: &'static str, figure: f64) -> Self {
        Self { reference: Some((name, figure)), ..self }
    }

    fn ratio(&self) -> Option<f64> {
        self.reference.map(|(_, reference)| self.figure / reference)
    }

    fn verdict(&self) -> String {
        let (reached, wanted) = match &self.target {
            None => return String::new(),
            Some(Target::AtMost(limit)) => (self.figure <= *limit, format!("at most {limit}")),
            Some(Target::AtLeast(limit)) => (self.figure >= *limit, format!("at least {limit}")),
            Some(Target::RatioAtLeast(limit)) => {
                (self.ratio().is_some_and(|ratio| ratio >= *limit), format!("ratio at least {limit}"))
            }
        };
        format!("{wanted}: {}", if reached { "reached" } else { "NOT reached" })
    }
}

pub(crate) fn head() {
    println!("{:<46} {:>14} {:<6} {:<34} {:>6}  number to reach", "figure", "", "", "reference", "ratio");
}

pub(crate) fn row(row: &Row) {
    let reference = row.reference.map_or(String::new(), |(name, figure)| format!("{name}: {figure:.0}"));
    let ratio = row.ratio().map_or(String::new(), |ratio| format!("{ratio:.2}"));
    println!("{:<46} {:>14.1} {:<6} {:<34} {:>6}  {}", row.name, row.figure, row.unit, reference, ratio, row.verdict());
}
