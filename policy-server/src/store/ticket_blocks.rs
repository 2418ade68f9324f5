//! In what tickets are searched. What tickets say never changes, so that whole blocks of them are told apart by their grams once
//! and for all, after the fact: sending a ticket costs nothing more. `domain/grams.rs` knows what a gram is.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    ops::Range,
};

use sea_orm::{ColumnTrait, Condition, EntityTrait, IntoActiveModel as _, QueryFilter, QuerySelect, sea_query::Expr};
use strum::VariantArray as _;

use super::{
    Store, StoreError,
    migrations::update_statistics,
    row::{number_sequence, ticket, ticket_gram},
    ticket_lists::of_status,
};
use crate::domain::{
    grams::{BLOCK, Places, all_grams, few_grams, grams, organization_gram, place},
    ids::OrganizationId,
    ticket::TicketStatus,
    ticket_filter::{AssigneeFilter, TicketFilter, number},
};

/// How many rows are written at once: other writers wait for no more than these.
const WRITTEN_AT_ONCE: usize = 1000;
/// As many tickets are read rather than looked up in an index first.
const NARROWED_FROM: usize = 200;
/// The sequence that counts the blocks which are complete.
const BLOCKS: &str = "ticket_block";

/// What of a ticket is searched for.
type Searched = (i64, OrganizationId, String);

impl Store {
    /// Makes the next block, if its last ticket is there. Servers that do so at the same time do the same.
    pub async fn make_ticket_block(&self) -> Result<bool, StoreError> {
        let block = self.ticket_blocks().await?;
        if self.last_of_sequence("ticket").await? < (block + 1) * BLOCK - 1 {
            return Ok(false);
        }
        let select = ticket::Entity::find().select_only();
        let select =
            select.columns([ticket::Column::Number, ticket::Column::OrganizationId, ticket::Column::SearchKey]);
        let select = select.filter(ticket::Column::Number.gte(block * BLOCK));
        let select = select.filter(ticket::Column::Number.lt((block + 1) * BLOCK));
        let tickets = select.into_tuple::<Searched>().all(&self.read).await?;
        let rows = tokio::task::spawn_blocking(move || rows(block, &tickets)).await.unwrap_or_default();
        for rows in rows.chunks(WRITTEN_AT_ONCE) {
            let rows = rows.iter().cloned().map(ticket_gram::Model::into_active_model);
            let known = [ticket_gram::Column::Gram, ticket_gram::Column::Block];
            let insert = ticket_gram::Entity::insert_many(rows);
            insert.on_conflict_do_nothing_on(known).exec_without_returning(&self.write).await?;
        }
        number_sequence::Entity::update_many()
            .col_expr(number_sequence::Column::Last, Expr::value(block + 1))
            .filter(number_sequence::Column::Name.eq(BLOCKS))
            .filter(number_sequence::Column::Last.eq(block))
            .exec(&self.write)
            .await?;
        update_statistics(&self.write).await?;
        Ok(true)
    }

    /// How many blocks are complete.
    pub(super) async fn ticket_blocks(&self) -> Result<i64, StoreError> {
        self.last_of_sequence(BLOCKS).await
    }

    /// The numbers in some blocks, in their order, of the tickets that may have what is searched for: few grams of each word
    /// are asked for first, and where many tickets have those, the others.
    pub(super) async fn numbers_with_grams(
        &self,
        filter: &TicketFilter,
        blocks: Range<i64>,
    ) -> Result<Vec<i64>, StoreError> {
        let mut numbers = self.numbers_with(few_grams, filter, &blocks).await?;
        if numbers.len() > NARROWED_FROM
            && let Some(narrowed) = self.narrowed(filter, &blocks).await?
        {
            numbers.retain(|number| narrowed.contains(number));
        }
        if numbers.len() > NARROWED_FROM
            && filter.words.iter().any(|word| all_grams(word).len() > few_grams(word).len())
        {
            let all: HashSet<_> = self.numbers_with(all_grams, filter, &blocks).await?.into_iter().collect();
            numbers.retain(|number| all.contains(number));
        }
        Ok(numbers)
    }

    async fn numbers_with(
        &self,
        grams: fn(&str) -> Vec<&str>,
        filter: &TicketFilter,
        blocks: &Range<i64>,
    ) -> Result<Vec<i64>, StoreError> {
        let organization = filter.organization.map(organization_gram);
        let asked = filter.words.iter().flat_map(|word| grams(word)).chain(organization.as_deref());
        let asked: BTreeSet<_> = asked.collect();
        let select = ticket_gram::Entity::find().filter(ticket_gram::Column::Gram.is_in(asked));
        let select = select.filter(ticket_gram::Column::Block.gte(blocks.start));
        let select = select.filter(ticket_gram::Column::Block.lt(blocks.end));
        let mut stored: HashMap<i64, HashMap<String, Places>> = HashMap::new();
        for row in select.all(&self.read).await? {
            stored.entry(row.block).or_default().insert(row.gram, Places::from_bytes(&row.tickets));
        }
        let numbers = blocks.clone().flat_map(|block| {
            let stored = stored.remove(&block).unwrap_or_default();
            let found = found(grams, filter, organization.as_deref(), block, &stored);
            found.iter().map(|place| block * BLOCK + i64::from(place)).collect::<Vec<_>>()
        });
        Ok(numbers.collect())
    }

    /// The numbers in some blocks of what else the filter asks for and few tickets have: an assignee, or a status that is not
    /// the end of all. An index has them.
    async fn narrowed(&self, filter: &TicketFilter, blocks: &Range<i64>) -> Result<Option<HashSet<i64>>, StoreError> {
        let statuses = if filter.statuses.is_empty() { TicketStatus::VARIANTS } else { &filter.statuses[..] };
        let assignee = match filter.assignee {
            Some(AssigneeFilter::Staff(id)) => Some(ticket::Column::AssigneeId.eq(id)),
            Some(AssigneeFilter::Nobody) | None => None,
        };
        if assignee.is_none() && !statuses.iter().all(|status| TicketStatus::UNRESOLVED.contains(status)) {
            return Ok(None);
        }
        let select = ticket::Entity::find().select_only().column(ticket::Column::Number);
        let select = select.filter(Condition::all().add_option(assignee));
        let select = select.filter(of_status(statuses));
        let select = select.filter(ticket::Column::Number.gte(blocks.start * BLOCK));
        let select = select.filter(ticket::Column::Number.lt(blocks.end * BLOCK));
        Ok(Some(select.into_tuple::<i64>().all(&self.read).await?.into_iter().collect()))
    }

    async fn last_of_sequence(&self, name: &str) -> Result<i64, StoreError> {
        let row = number_sequence::Entity::find_by_id(name).one(&self.read).await?;
        Ok(row.map(|row| row.last).unwrap_or_default())
    }
}

/// Which tickets of which grams are in a block.
fn rows(block: i64, tickets: &[Searched]) -> Vec<ticket_gram::Model> {
    let mut places: HashMap<String, Places> = HashMap::new();
    for (number, organization, key) in tickets {
        let (_, place) = place(*number);
        places.entry(organization_gram(*organization)).or_default().insert(place);
        for gram in grams(key) {
            match places.get_mut(gram) {
                Some(places) => places.insert(place),
                None => places.entry(gram.to_owned()).or_default().insert(place),
            }
        }
    }
    let row = |(gram, places): (String, Places)| ticket_gram::Model { gram, block, tickets: places.to_bytes() };
    let mut rows: Vec<_> = places.into_iter().map(row).collect();
    rows.sort_unstable_by(|a, b| a.gram.cmp(&b.gram));
    rows
}

/// The tickets of a block that have all grams of what is searched for.
fn found(
    grams: fn(&str) -> Vec<&str>,
    filter: &TicketFilter,
    organization: Option<&str>,
    block: i64,
    stored: &HashMap<String, Places>,
) -> Places {
    let none = Places::default();
    let mut found = organization.map_or_else(Places::all, |gram| stored.get(gram).unwrap_or(&none).clone());
    for word in &filter.words {
        let mut with_word = Places::all();
        for gram in grams(word) {
            with_word.keep(stored.get(gram).unwrap_or(&none));
        }
        if let Some((_, place)) = number(word).map(place).filter(|(of, _)| *of == block) {
            with_word.insert(place);
        }
        found.keep(&with_word);
    }
    found
}
