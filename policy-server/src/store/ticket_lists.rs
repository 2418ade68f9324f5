//! Lists of tickets, in the order of their numbers, fast among very many: what no index has in order is never sorted, and words
//! are looked for in the blocks of `ticket_blocks.rs`. What is not in a block yet is read.

use std::ops::Range;

use deskbell_protocol::UnixMillis;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, LikeExpr},
};
use strum::VariantArray as _;
use uuid::Uuid;

use super::{
    Page, PageRequest, Store, StoreError, Ticket,
    row::ticket::{Column, Entity},
    tickets::visible,
};
use crate::domain::{
    access::TicketScope,
    grams::BLOCK,
    ticket::TicketStatus,
    ticket_filter::{AssigneeFilter, TicketFilter, number},
};

/// How many blocks are searched at once: few first, since common words are found in them.
const LOTS: [i64; 3] = [4, 32, 256];
/// How many tickets are read for one part of a list at most, to see whether their text has the words: then the part ends
/// early, so that it comes in time, and the next one goes on from there.
const READ_FOR_A_PART: usize = 300;
/// Ids and times of tickets go together but for a clock that was set back, by this much at most.
const CLOCK_SLACK_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// A question for a list: whose, which, how many, in which order.
struct Question<'a> {
    scope: TicketScope,
    filter: &'a TicketFilter,
    order: Order,
    /// One more than a part has.
    limit: usize,
}

/// What was found in blocks.
#[derive(Default)]
struct Found {
    items: Vec<Ticket>,
    /// How many tickets were read.
    read: usize,
    /// The number that was read last, where more would have been too many.
    stopped_at: Option<i64>,
}

impl Store {
    /// Part of the list of the tickets that `scope` sees. Where very many have parts of the words that are searched for, a part
    /// may have fewer than asked for, or none, and be followed by another.
    pub async fn tickets(
        &self,
        scope: TicketScope,
        filter: &TicketFilter,
        page: PageRequest,
    ) -> Result<Page<Ticket>, StoreError> {
        self.listed_tickets(scope, filter, page, Order::Asc).await
    }

    /// The same list, the newest first: `page.after` is then the id that this part is older than.
    pub async fn newest_tickets(
        &self,
        scope: TicketScope,
        filter: &TicketFilter,
        page: PageRequest,
    ) -> Result<Page<Ticket>, StoreError> {
        self.listed_tickets(scope, filter, page, Order::Desc).await
    }

    async fn listed_tickets(
        &self,
        scope: TicketScope,
        filter: &TicketFilter,
        page: PageRequest,
        order: Order,
    ) -> Result<Page<Ticket>, StoreError> {
        let span = self.span(filter, page.after, &order).await?;
        let limit = usize::try_from(page.limit).unwrap_or(usize::MAX).saturating_add(1);
        let question = Question { scope, filter, order, limit };
        // One asset has so few tickets that their texts can be read.
        if filter.words.is_empty() || filter.asset.is_some() {
            let items = self.tickets_within(&question, &span, question.limit).await?;
            return Ok(Page::of(items, page, |row| row.id.0));
        }
        let Found { items, stopped_at, .. } = self.tickets_with_words(&question, span).await?;
        let mut part = Page::of(items, page, |row| row.id.0);
        if let (None, Some(number)) = (part.next, stopped_at) {
            part.next = self.id_of_number(number).await?;
        }
        Ok(part)
    }

    async fn id_of_number(&self, number: i64) -> Result<Option<Uuid>, StoreError> {
        let select = Entity::find().filter(Column::Number.eq(number)).select_only().column(Column::Id);
        Ok(select.into_tuple().one(&self.read).await?)
    }

    /// Which numbers can be meant, by what is known without looking at each ticket.
    async fn span(&self, filter: &TicketFilter, after: Option<Uuid>, order: &Order) -> Result<Range<i64>, StoreError> {
        let mut span = 0..i64::MAX;
        if let Some(from) = filter.created_from {
            let before = self.last_number(Column::Id.lt(id_at(from.saturating_sub(CLOCK_SLACK_MILLIS)))).await?;
            span.start = before.unwrap_or(span.start);
        }
        if let Some(to) = filter.created_before {
            let after = self.first_number(Column::Id.gte(id_at(to.saturating_add(CLOCK_SLACK_MILLIS)))).await?;
            span.end = after.unwrap_or(span.end);
        }
        match after {
            None => {}
            Some(id) if *order == Order::Asc => {
                let last = self.last_number(Column::Id.lte(id)).await?;
                span.start = span.start.max(last.map_or(0, |last| last + 1));
            }
            Some(id) => span.end = span.end.min(self.first_number(Column::Id.gte(id)).await?.unwrap_or(span.end)),
        }
        Ok(span)
    }

    async fn last_number(&self, so: Expr) -> Result<Option<i64>, StoreError> {
        let select = Entity::find().filter(so).order_by_desc(Column::Id).select_only().column(Column::Number).limit(1);
        Ok(select.into_tuple().one(&self.read).await?)
    }

    async fn first_number(&self, so: Expr) -> Result<Option<i64>, StoreError> {
        let select = Entity::find().filter(so).order_by_asc(Column::Id).select_only().column(Column::Number).limit(1);
        Ok(select.into_tuple().one(&self.read).await?)
    }

    /// At most `limit` tickets with numbers in `span`. Their texts are read where the filter has words.
    async fn tickets_within(
        &self,
        question: &Question<'_>,
        span: &Range<i64>,
        limit: usize,
    ) -> Result<Vec<Ticket>, StoreError> {
        let filter = question.filter;
        let select = question.select().filter(in_span(span));
        let select = select.limit(limit as u64);
        let one_by_one = match (&filter.statuses[..], filter.asset) {
            // By the asset, or by nothing but the number.
            (_, Some(_)) => None,
            ([], None) if filter.organization.is_none() && filter.assignee.is_none() && filter.department.is_none() => {
                None
            }
            ([], None) => Some(TicketStatus::VARIANTS),
            (statuses, None) => Some(statuses),
        };
        let Some(statuses) = one_by_one else {
            return Ok(select.filter(of_status(&filter.statuses)).all(&self.read).await?);
        };
        // An index has the tickets of one status in order, not those of several.
        let mut items = Vec::new();
        for status in statuses {
            items.extend(select.clone().filter(of_status(&[*status])).all(&self.read).await?);
        }
        items.sort_unstable_by_key(|row| if question.order == Order::Asc { row.number } else { -row.number });
        items.truncate(limit);
        Ok(items)
    }

    async fn tickets_with_words(&self, question: &Question<'_>, span: Range<i64>) -> Result<Found, StoreError> {
        let complete = self.ticket_blocks().await? * BLOCK;
        let recent = span.start.max(complete)..span.end;
        let blocks = span.start.div_euclid(BLOCK)..(span.end.min(complete) + BLOCK - 1).div_euclid(BLOCK);
        let mut found = Found::default();
        if question.order == Order::Desc {
            found.items = self.tickets_within(question, &recent, question.limit).await?;
        }
        for lot in lots(blocks, &question.order) {
            if found.items.len() >= question.limit || found.stopped_at.is_some() {
                return Ok(found);
            }
            self.add_tickets_of(&mut found, question, &span, lot).await?;
        }
        if question.order == Order::Asc && found.items.len() < question.limit && found.stopped_at.is_none() {
            let more = self.tickets_within(question, &recent, question.limit - found.items.len()).await?;
            found.items.extend(more);
        }
        Ok(found)
    }

    /// Adds what is found in some blocks, until there are enough or as many were read as may be.
    async fn add_tickets_of(
        &self,
        found: &mut Found,
        question: &Question<'_>,
        span: &Range<i64>,
        lot: Range<i64>,
    ) -> Result<(), StoreError> {
        let mut numbers = self.numbers_with_grams(question.filter, lot).await?;
        numbers.retain(|number| span.contains(number));
        if question.order == Order::Desc {
            numbers.reverse();
        }
        let mut rest = numbers.as_slice();
        while found.items.len() < question.limit && !rest.is_empty() {
            // Of common words, the first few are enough.
            let at_once = if found.read == 0 { question.limit } else { READ_FOR_A_PART };
            let at_once = at_once.min(READ_FOR_A_PART - found.read);
            let numbers;
            (numbers, rest) = rest.split_at(at_once.min(rest.len()));
            found.read += numbers.len();
            let select = question.select().filter(of_status(&question.filter.statuses));
            let read = select.filter(Column::Number.is_in(numbers.iter().copied())).all(&self.read).await?;
            found.items.extend(read);
            if found.read >= READ_FOR_A_PART {
                found.stopped_at = numbers.last().copied();
                break;
            }
        }
        found.items.truncate(question.limit);
        Ok(())
    }
}

impl Question<'_> {
    /// All that is asked for but the status, which indexes begin with.
    fn select(&self) -> Select<Entity> {
        let select = Entity::find().filter(visible(self.scope)).filter(matching(self.filter));
        select.order_by(Column::Number, self.order.clone())
    }
}

/// The smallest id of a moment (RFC 9562 §5.7).
pub(super) fn id_at(moment: UnixMillis) -> Uuid {
    Uuid::from_u128(u128::from(u64::try_from(moment).unwrap_or_default()) << 80)
}

fn lots(blocks: Range<i64>, order: &Order) -> Vec<Range<i64>> {
    let mut left = blocks;
    let mut lots = Vec::new();
    let [.., rest] = LOTS;
    let mut sizes = LOTS.into_iter().chain(std::iter::repeat(rest));
    while !left.is_empty() {
        let size = sizes.next().unwrap_or(rest).min(left.end - left.start);
        if *order == Order::Asc {
            lots.push(left.start..left.start + size);
            left.start += size;
        } else {
            lots.push(left.end - size..left.end);
            left.end -= size;
        }
    }
    lots
}

/// Only what bounds anything: SQLite takes an index with a range for better than one that has fewer rows.
fn in_span(span: &Range<i64>) -> Condition {
    Condition::all()
        .add_option((span.start > 0).then(|| Column::Number.gte(span.start)))
        .add_option((span.end < i64::MAX).then(|| Column::Number.lt(span.end)))
}

/// The statuses stand in the statement itself: PostgreSQL, which plans a statement once for all values, then knows how rare
/// they are.
pub(super) fn of_status(statuses: &[TicketStatus]) -> Condition {
    let literal = |status: &TicketStatus| Expr::cust(format!("'{}'", status.name()));
    let some = (!statuses.is_empty()).then(|| {
        let status = Expr::col((Entity, Column::Status));
        sea_orm::sea_query::ExprTrait::is_in(status, statuses.iter().map(literal))
    });
    Condition::all().add_option(some)
}

fn matching(filter: &TicketFilter) -> Condition {
    let all = match filter.assignee {
        None => Condition::all(),
        Some(AssigneeFilter::Nobody) => Condition::all().add(Column::AssigneeId.is_null()),
        Some(AssigneeFilter::Staff(id)) => Condition::all().add(Column::AssigneeId.eq(id)),
    };
    let all = all
        .add_option(filter.organization.map(|id| Column::OrganizationId.eq(id)))
        .add_option(filter.asset.map(|id| Column::AssetId.eq(id)))
        .add_option(filter.department.map(|id| Column::DepartmentId.eq(id)))
        .add_option(filter.created_from.map(|from| Column::CreatedAt.gte(from)))
        .add_option(filter.created_before.map(|before| Column::CreatedAt.lt(before)));
    filter.words.iter().fold(all, |all, word| all.add(has_word(word)))
}

/// Whether a ticket has `word` in its text, or as its number.
fn has_word(word: &str) -> Condition {
    let escaped: String =
        word.chars().flat_map(|c| "\\%_".contains(c).then_some('\\').into_iter().chain([c])).collect();
    let like = LikeExpr::new(format!("%{escaped}%")).escape('\\');
    Condition::any().add(Column::SearchKey.like(like)).add_option(number(word).map(|number| Column::Number.eq(number)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_block_is_in_one_lot_and_the_first_ones_are_small() {
        assert_eq!(lots(0..300, &Order::Desc), [296..300, 264..296, 8..264, 0..8]);
        assert_eq!(lots(2..10, &Order::Asc), [2..6, 6..10]);
        assert_eq!(lots(3..3, &Order::Asc), []);
    }
}
