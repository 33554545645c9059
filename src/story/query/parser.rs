//! Tokens made a query.

use std::ops::Range;

use super::{
    Expr, Query, Sort, Typed,
    dates::Dates,
    error::{Problem, QueryError},
    fields::{self, Field, Flag, Named, NumberField, Part, TextField},
    lexer::{self, Kind, Quoted, Token, Value},
    numbers::Numbers,
    pattern::Pattern,
};

/// Bytes of the longest text that is taken for a query: more than a person types, and enough for a
/// long list of conditions.
pub(super) const LONGEST: usize = 8 * 1024;
/// Bytes of all saved queries that one query may draw in.
const MOST_SAVED: usize = 64 * 1024;
/// How deep groups, negations and saved queries may lie in each other.
const DEEPEST: usize = 64;
/// Regular expressions in one query: each may take a megabyte.
const MOST_PATTERNS: usize = 16;

/// Looks up the text of a saved query by its name.
pub(super) type Saved<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Reads a query that is complete.
pub(super) fn parse(text: &str, saved: Saved<'_>) -> Result<Query, QueryError> {
    read(text, saved, false).map(|typed| typed.query)
}

/// Reads a query that may still be growing at its end.
pub(super) fn parse_typed(text: &str, saved: Saved<'_>) -> Result<Typed, QueryError> {
    read(text, saved, true)
}

fn read(text: &str, saved: Saved<'_>, typed: bool) -> Result<Typed, QueryError> {
    let mut budget = Budget {
        names: Vec::new(),
        saved: MOST_SAVED,
        patterns: MOST_PATTERNS,
    };
    let mut parser = Parser::new(text, saved, &mut budget, 0, typed)?;
    let query = parser.query()?;
    let unfinished = parser.unfinished;
    Ok(Typed { query, unfinished })
}

/// The word that a token is, if it is one: a plain word, or one with a colon where no field of
/// that name is.
pub(super) fn word<'a>(text: &'a str, token: &Token<'a>) -> Option<&'a str> {
    match &token.kind {
        Kind::Word(word) => compared(word).is_none().then_some(word),
        Kind::Field { name, value } => {
            let bare = !value.whole && !value.quoted;
            let value = &value.text.text;
            // "Opinion:" is a word, "https://…" an address; "auther:liang" is a slip.
            let no_value = value.is_empty() || value.starts_with("//");
            (bare && no_value && Field::find(name).is_none())
                .then(|| text.get(token.span.clone()))
                .flatten()
        }
        _ => None,
    }
}

/// The field and the numbers of a word such as `minutes<20`, whose colon was left out.
fn compared(word: &str) -> Option<(NumberField, &str, &str)> {
    let at = word.find(['<', '>'])?;
    let (name, numbers) = word.split_at_checked(at)?;
    let field = NumberField::find(name)?;
    numbers
        .ends_with(|end: char| end.is_ascii_digit())
        .then_some((field, name, numbers))
}

/// What a query and the saved ones within it may still use.
struct Budget {
    /// The saved queries that are being read, each named by the one before it.
    names: Vec<String>,
    /// Bytes of saved queries.
    saved: usize,
    /// Regular expressions.
    patterns: usize,
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token<'a>>,
    at: usize,
    saved: Saved<'a>,
    budget: &'a mut Budget,
    /// How deep this text lies in others, by the saved queries that name it.
    base: usize,
    /// Whether the last word may be unfinished.
    typed: bool,
    /// What is wrong with the last word, if it is unfinished.
    unfinished: Option<QueryError>,
    negations: usize,
    sort: Option<Sort>,
    limit: Option<usize>,
    /// Order and limit of a saved query that stands here as it is.
    inherited: Option<(Option<Sort>, Option<usize>)>,
}

/// One member of a conjunction.
enum Member {
    Condition(Expr),
    /// `sort:` or `limit:`, or a word that is not finished.
    Nothing,
    /// Something else comes: the end, `)` or `or`.
    End,
}

impl<'a> Parser<'a> {
    fn new(
        text: &'a str,
        saved: Saved<'a>,
        budget: &'a mut Budget,
        base: usize,
        typed: bool,
    ) -> Result<Self, QueryError> {
        if text.len() > LONGEST {
            return Err(QueryError {
                span: text.floor_char_boundary(LONGEST)..text.len(),
                problem: Problem::TooLong { limit: LONGEST },
            });
        }
        Ok(Parser {
            text,
            tokens: lexer::tokens(text, typed),
            at: 0,
            saved,
            budget,
            base,
            typed,
            unfinished: None,
            negations: 0,
            sort: None,
            limit: None,
            inherited: None,
        })
    }

    fn query(&mut self) -> Result<Query, QueryError> {
        let expr = self.any_of(0)?.unwrap_or_default();
        if let Some(token) = self.tokens.get(self.at) {
            return Err(error(&token.span, Problem::NothingToClose));
        }
        let (sort, limit) = self.inherited.unwrap_or_default();
        Ok(Query {
            expr,
            sort: self.sort.or(sort),
            limit: self.limit.or(limit),
        })
    }

    /// Conditions with `or` between them; none if there is no condition.
    fn any_of(&mut self, depth: usize) -> Result<Option<Expr>, QueryError> {
        let mut branches = Vec::new();
        let mut or: Option<(Range<usize>, &'static str)> = None;
        loop {
            let branch = self.all_of(depth)?;
            let next = match self.tokens.get(self.at) {
                Some(Token {
                    span,
                    kind: Kind::Or(word),
                }) => Some((span.clone(), *word)),
                _ => None,
            };
            if branch.is_none()
                && let Some((span, word)) = next.as_ref().or(or.as_ref())
            {
                self.may_follow(span, Problem::OneSided { word })?;
            }
            branches.extend(branch);
            if next.is_none() {
                break;
            }
            self.at += 1;
            or = next;
        }
        if or.is_some() && depth == 0 {
            self.inherited = None;
        }
        Ok((!branches.is_empty()).then(|| Expr::or(branches)))
    }

    /// Conditions one after the other; none if there is none.
    fn all_of(&mut self, depth: usize) -> Result<Option<Expr>, QueryError> {
        let mut members: Option<Vec<Expr>> = None;
        loop {
            match self.member(depth, members.is_some())? {
                Member::Condition(expr) => members.get_or_insert_default().push(expr),
                Member::Nothing => {}
                Member::End => return Ok(members.map(Expr::and)),
            }
        }
    }

    /// The next member of a conjunction. `follows` tells whether a condition stands before it.
    fn member(&mut self, depth: usize, follows: bool) -> Result<Member, QueryError> {
        let Some(token) = self.tokens.get(self.at).cloned() else {
            return Ok(Member::End);
        };
        let span = token.span.clone();
        let last = self.typed && span.end == self.text.len();
        // What may become "oregon" is a word; behind a condition, the other side may be to come.
        let growing = |word: &str| Member::Condition(Expr::Word(word.to_owned()));
        match &token.kind {
            Kind::Close => return Ok(Member::End),
            Kind::Or(_) if !last || follows => return Ok(Member::End),
            _ => self.at += 1,
        }
        let made = match &token.kind {
            Kind::Or(word) => return Ok(growing(word)),
            Kind::And if last && !follows => return Ok(growing("AND")),
            Kind::And => {
                let ends = |it: &Token| {
                    let grows = self.typed && it.span.end == self.text.len();
                    !grows && matches!(it.kind, Kind::Close | Kind::Or(_) | Kind::And)
                };
                if !follows || self.tokens.get(self.at).is_none_or(ends) {
                    self.may_follow(&span, Problem::OneSided { word: "AND" })?;
                }
                return Ok(Member::Nothing);
            }
            Kind::Open => return self.group(&span, depth + 1),
            Kind::Minus => return self.negated(&span, "-", depth + 1),
            Kind::Not => return self.negated(&span, "NOT", depth + 1),
            _ => self.condition(&token, last, depth),
        };
        match made {
            Ok(Some(expr)) => Ok(Member::Condition(expr)),
            Ok(None) => Ok(Member::Nothing),
            Err(problem) if last => {
                self.unfinished = Some(error(&span, problem));
                Ok(Member::Nothing)
            }
            Err(problem) => Err(error(&span, problem)),
        }
    }

    /// What stands between parentheses; the first is already read.
    fn group(&mut self, open: &Range<usize>, depth: usize) -> Result<Member, QueryError> {
        self.not_too_deep(open, depth)?;
        let first = self.at;
        let expr = self.any_of(depth)?;
        match self.tokens.get(self.at) {
            Some(close) if self.at == first => {
                let span = open.start..close.span.end;
                return Err(error(&span, Problem::Empty { signs: "()" }));
            }
            Some(_) => self.at += 1,
            None => self.may_follow(
                open,
                Problem::NotClosed {
                    opened: "(",
                    wanted: ")",
                },
            )?,
        }
        Ok(expr.map_or(Member::Nothing, Member::Condition))
    }

    /// What stands behind a sign that negates it.
    fn negated(
        &mut self,
        span: &Range<usize>,
        sign: &'static str,
        depth: usize,
    ) -> Result<Member, QueryError> {
        self.not_too_deep(span, depth)?;
        self.negations += 1;
        let member = self.member(depth, false)?;
        self.negations -= 1;
        let expr = match member {
            Member::Condition(expr) => expr.negated(),
            Member::Nothing => return Ok(Member::Nothing),
            Member::End => None,
        };
        if expr.is_none() {
            self.may_follow(span, Problem::NothingNegated { sign })?;
        }
        Ok(expr.map_or(Member::Nothing, Member::Condition))
    }

    /// The condition that a token is by itself; none if it is none, as `sort:`.
    fn condition(
        &mut self,
        token: &Token<'a>,
        last: bool,
        depth: usize,
    ) -> Result<Option<Expr>, Problem> {
        if let Some(word) = word(self.text, token) {
            if last && word.bytes().all(|byte| byte == b'-') {
                return Err(Problem::NothingNegated { sign: "-" });
            }
            return Ok(Some(Expr::Word(word.to_owned())));
        }
        match &token.kind {
            Kind::Word(word) => Ok(match compared(word) {
                Some((field, name, numbers)) => {
                    let (term, example) = (format!("{name}:{numbers}"), Field::Number(field));
                    let numbers = Numbers::parse(numbers, &term, example.example())?;
                    Some(Expr::Number(field, numbers))
                }
                None => None,
            }),
            Kind::Phrase(phrase) => match phrase.text.trim() {
                "" if phrase.closed => Err(Problem::Empty { signs: "\"\"" }),
                words => {
                    self.closed(phrase)?;
                    Ok((!words.is_empty()).then(|| Expr::Phrase(words.to_owned())))
                }
            },
            Kind::Regex { text, close_behind } => {
                if !text.closed && !self.typed {
                    return Err(Problem::NotClosed {
                        opened: "/",
                        wanted: "/",
                    });
                }
                if text.text.is_empty() {
                    return Err(Problem::Empty { signs: "//" });
                }
                if *close_behind {
                    return Err(Problem::BehindPattern);
                }
                let pattern = self.pattern(&text.text)?;
                Ok(Some(Expr::Regex(TextField::Title, pattern)))
            }
            Kind::Saved(name) => {
                self.closed(name)?;
                self.saved(name.text.trim(), depth).map(Some)
            }
            Kind::Field { name, value } => self.field(name, value),
            _ => Ok(None),
        }
    }

    fn pattern(&mut self, text: &str) -> Result<Pattern, Problem> {
        let left = self.budget.patterns.checked_sub(1);
        self.budget.patterns = left.ok_or(Problem::TooManyPatterns {
            limit: MOST_PATTERNS,
        })?;
        Pattern::new(text)
    }

    fn field(&mut self, name: &str, value: &Value) -> Result<Option<Expr>, Problem> {
        let Some(field) = Field::find(name) else {
            return Err(Problem::UnknownField {
                name: name.to_owned(),
                near: fields::near(name),
            });
        };
        self.closed(&value.text)?;
        let text = value.text.text.trim();
        let example = field.example();
        if text.is_empty() {
            return Err(Problem::ValueWanted {
                field: name.to_owned(),
                example,
            });
        }
        let term = || format!("{name}:{text}");
        Ok(Some(match field {
            Field::Text(field) if value.regex => {
                // Spaces at its ends are its own.
                Expr::Regex(field, self.pattern(&value.text.text)?)
            }
            Field::Text(field) => Expr::Text {
                field,
                value: text.to_owned(),
                whole: value.whole,
            },
            Field::Number(field) => Expr::Number(field, Numbers::parse(text, &term(), example)?),
            Field::Date(field) => match Dates::parse(field, text) {
                None => {
                    let term = term();
                    return Err(Problem::DateWanted { term, example });
                }
                Some(dates) if dates.is_empty() => {
                    return Err(Problem::EmptyRange { term: term() });
                }
                Some(dates) => Expr::Date(dates),
            },
            Field::Is => Expr::Is(Flag::value("is", text)?),
            Field::Has => Expr::Has(Part::value("has", text)?),
            Field::Sort => {
                let sort = Sort::value("sort", text)?;
                self.holds_for_all("sort")?;
                self.sort = Some(sort);
                return Ok(None);
            }
            Field::Limit => {
                let numbers = Numbers::parse(text, &term(), example)?;
                let limit = numbers.greatest.filter(|most| numbers.least == *most);
                let limit = limit.and_then(|most| usize::try_from(most).ok());
                self.holds_for_all("limit")?;
                // A list of nothing is none, and "<5" would promise what it does not mean.
                self.limit = Some(limit.filter(|most| *most > 0).ok_or_else(|| {
                    let term = term();
                    Problem::NumberWanted { term, example }
                })?);
                return Ok(None);
            }
        }))
    }

    /// The conditions of a saved query. Its order and limit hold where nothing else is asked for and
    /// it stands by itself: of a part of a query they would mean nothing.
    fn saved(&mut self, name: &str, depth: usize) -> Result<Expr, Problem> {
        if name.is_empty() {
            return Err(Problem::NameWanted);
        }
        let name = name.to_owned();
        if self.budget.names.contains(&name) {
            return Err(Problem::Circle { name });
        }
        let base = self.base + depth + 1;
        if base > DEEPEST {
            return Err(Problem::TooDeep { limit: DEEPEST });
        }
        let Some(text) = (self.saved)(&name) else {
            return Err(Problem::UnknownSaved { name });
        };
        // An empty one costs something too: a thousand names may each stand for a thousand.
        let left = self.budget.saved.checked_sub(text.len() + name.len());
        self.budget.saved = left.ok_or(Problem::TooMuchSaved)?;
        self.budget.names.push(name.clone());
        let query = Parser::new(&text, self.saved, self.budget, base, false)
            .and_then(|mut parser| parser.query());
        self.budget.names.pop();
        let query = query.map_err(|error| Problem::InSaved {
            name,
            problem: Box::new(error.problem),
        })?;
        if depth == 0 && (query.sort.is_some() || query.limit.is_some()) {
            self.inherited.get_or_insert((query.sort, query.limit));
        }
        Ok(query.expr)
    }

    fn holds_for_all(&self, field: &'static str) -> Result<(), Problem> {
        match self.negations {
            0 => Ok(()),
            _ => Err(Problem::NoCondition { field }),
        }
    }

    /// A quotation mark may be missing only where one is still typing.
    fn closed(&self, quoted: &Quoted) -> Result<(), Problem> {
        if quoted.closed || self.typed {
            return Ok(());
        }
        Err(Problem::NotClosed {
            opened: "\"",
            wanted: "\"",
        })
    }

    fn not_too_deep(&self, span: &Range<usize>, depth: usize) -> Result<(), QueryError> {
        if self.base + depth > DEEPEST {
            return Err(error(span, Problem::TooDeep { limit: DEEPEST }));
        }
        Ok(())
    }

    /// What is missing may be typed next, if nothing stands behind it.
    fn may_follow(&mut self, span: &Range<usize>, problem: Problem) -> Result<(), QueryError> {
        let error = error(span, problem);
        if !self.typed || self.at < self.tokens.len() {
            return Err(error);
        }
        self.unfinished.get_or_insert(error);
        Ok(())
    }
}

fn error(span: &Range<usize>, problem: Problem) -> QueryError {
    QueryError {
        span: span.clone(),
        problem,
    }
}
