//! The rows of the table of actions, in the order of the help.

use super::{Action, Place, Spec, reasons::*, spec};
/// All actions.
pub const ACTIONS: &[Spec] = &[
    spec(
        Action::MoveDown,
        "move-down",
        "next story, or a line down",
        &["j", "down"],
        Place::Everywhere,
    ),
    spec(
        Action::MoveUp,
        "move-up",
        "previous story, or a line up",
        &["k", "up"],
        Place::Everywhere,
    ),
    spec(
        Action::ColumnLeft,
        "column-left",
        "to the column on the left",
        &["h", "left"],
        Place::Everywhere,
    ),
    spec(
        Action::ColumnRight,
        "column-right",
        "to the column on the right",
        &["l", "right"],
        Place::Everywhere,
    ),
    spec(
        Action::NextColumn,
        "next-column",
        "to the next column, round and round",
        &["tab"],
        Place::Everywhere,
    ),
    spec(
        Action::PreviousColumn,
        "previous-column",
        "to the column before, the other way round",
        &["shift-tab"],
        Place::Everywhere,
    ),
    spec(
        Action::ToStart,
        "to-start",
        "to the first story, or the first line",
        &["g", "home"],
        Place::Everywhere,
    ),
    spec(
        Action::ToEnd,
        "to-end",
        "to the last story, or the last line",
        &["G", "end"],
        Place::Everywhere,
    ),
    spec(
        Action::HalfPageDown,
        "half-page-down",
        "half a page down; in the list of a single file, quits",
        &["ctrl-d"],
        Place::Everywhere,
    ),
    spec(
        Action::HalfPageUp,
        "half-page-up",
        "half a page up",
        &["ctrl-u"],
        Place::Everywhere,
    ),
    spec(
        Action::PageDown,
        "page-down",
        "a page down",
        &["space", "pgdn"],
        Place::Everywhere,
    ),
    spec(
        Action::PageUp,
        "page-up",
        "a page up",
        &["b", "pgup"],
        Place::Everywhere,
    ),
    spec(
        Action::Search,
        "search",
        "search titles, or everything with tab; in the reader, its text",
        &["/"],
        Place::Everywhere,
    ),
    spec(
        Action::NextMatch,
        "next-match",
        "to the next match in the text",
        &["n"],
        Place::Stories,
    )
    .unless(no_text_search),
    spec(
        Action::PreviousMatch,
        "previous-match",
        "to the match before",
        &["N"],
        Place::Stories,
    )
    .unless(no_text_search),
    spec(
        Action::NextUnread,
        "next-unread",
        "to the next unread story, also in the sources below",
        &["J"],
        Place::Everywhere,
    ),
    spec(
        Action::PreviousUnread,
        "previous-unread",
        "to the unread story before, also in the sources above",
        &["K"],
        Place::Everywhere,
    ),
    spec(
        Action::Undo,
        "undo",
        "take back what was done last",
        &["u"],
        Place::Everywhere,
    ),
    spec(
        Action::Redo,
        "redo",
        "do again what was taken back",
        &["ctrl-r"],
        Place::Everywhere,
    ),
    spec(
        Action::Zen,
        "zen",
        "the reader alone, the text centred; again for the columns",
        &["z"],
        Place::Everywhere,
    )
    .unless(no_story),
    spec(
        Action::Refresh,
        "refresh",
        "ask this source's feeds for news; in the reader, the story's",
        &["r"],
        Place::Everywhere,
    )
    .unless(no_feeds),
    spec(
        Action::RefreshAll,
        "refresh-all",
        "ask all feeds for what is new",
        &["R"],
        Place::Everywhere,
    ),
    spec(
        Action::Help,
        "help",
        "show the keys; again to hide them",
        &["?"],
        Place::Everywhere,
    ),
    spec(
        Action::Messages,
        "messages",
        "what was said, each message whole; again to hide it",
        &["!"],
        Place::Everywhere,
    ),
    spec(
        Action::Redraw,
        "redraw",
        "draw the screen anew",
        &["ctrl-l"],
        Place::Everywhere,
    ),
    spec(
        Action::Suspend,
        "suspend",
        "back to the shell; fg returns",
        &["ctrl-z"],
        Place::Everywhere,
    ),
    spec(
        Action::Leave,
        "leave",
        "leave what is open: prompt, help, selection, search, reader",
        &["esc"],
        Place::Everywhere,
    ),
    spec(
        Action::Back,
        "back",
        "back to the list; there, quit",
        &["q"],
        Place::Everywhere,
    ),
    spec(Action::Quit, "quit", "quit", &["ctrl-c"], Place::Everywhere),
    spec(
        Action::AddFeed,
        "add-feed",
        "subscribe to a feed, or to the feed of a site",
        &["a"],
        Place::Lists,
    ),
    spec(
        Action::MarkAllRead,
        "mark-all-read",
        "mark all that is listed as read",
        &["A"],
        Place::Lists,
    )
    .unless(no_rows),
    spec(
        Action::NameFeed,
        "name-feed",
        "call the feed or the folder something else",
        &["e"],
        Place::Sources,
    )
    .unless(no_feed_or_folder),
    spec(
        Action::MoveFeed,
        "move-feed",
        "put the feed or the folder into a folder, or out of it",
        &["M"],
        Place::Sources,
    )
    .unless(no_feed_or_folder),
    spec(
        Action::ReaddressFeed,
        "readdress-feed",
        "fetch the feed from another address: it has moved",
        &["E"],
        Place::Sources,
    )
    .unless(no_feed),
    spec(
        Action::Unsubscribe,
        "unsubscribe",
        "unsubscribe, from all of a folder too; what has a star, a tag or notes stays",
        &["d"],
        Place::Sources,
    )
    .unless(no_feed_or_folder),
    spec(
        Action::BrowseFeed,
        "open-site-in-browser",
        "open the feed's site in the browser",
        &["o"],
        Place::Sources,
    )
    .unless(no_feed),
    spec(
        Action::Open,
        "open",
        "read the story",
        &["enter"],
        Place::List,
    )
    .unless(no_story),
    spec(
        Action::Select,
        "select",
        "select and step down; actions then take all that is selected",
        &["x"],
        Place::List,
    )
    .unless(no_story),
    spec(
        Action::SelectTo,
        "select-to",
        "select from the story selected last to this one",
        &["X"],
        Place::List,
    )
    .unless(nothing_picked),
    spec(
        Action::InvertSelection,
        "invert-selection",
        "select what is not selected, and the other way round",
        &["*"],
        Place::List,
    )
    .unless(no_rows),
    spec(
        Action::MarkAboveRead,
        "mark-above-read",
        "mark all above as read",
        &["("],
        Place::List,
    )
    .unless(no_story),
    spec(
        Action::MarkBelowRead,
        "mark-below-read",
        "mark all below as read",
        &[")"],
        Place::List,
    )
    .unless(no_story),
    spec(
        Action::UnreadOnly,
        "unread-only",
        "list only what is unread, or all again",
        &["U"],
        Place::List,
    )
    .unless(unread_alone),
    spec(
        Action::SortBy,
        "sort-by",
        "choose an order",
        &[","],
        Place::List,
    ),
    spec(
        Action::Browse,
        "open-in-browser",
        "open the story's page in the browser",
        &["o"],
        Place::Stories,
    )
    .unless(no_story),
    spec(
        Action::Save,
        "save",
        "keep the story on your shelf, as a file with its pictures",
        &["S"],
        Place::Stories,
    )
    .unless(nothing_chosen),
    spec(
        Action::ToggleRead,
        "toggle-read",
        "mark as read, or as unread",
        &["m"],
        Place::Stories,
    )
    .unless(nothing_chosen),
    spec(
        Action::ToggleStar,
        "toggle-star",
        "give a star, or take it",
        &["s"],
        Place::Stories,
    )
    .unless(nothing_chosen),
    spec(
        Action::ToggleLater,
        "toggle-later",
        "keep for later, or no longer",
        &["L"],
        Place::Stories,
    )
    .unless(nothing_chosen),
    spec(
        Action::EditTags,
        "edit-tags",
        "give tags, or take them",
        &["t"],
        Place::Stories,
    )
    .unless(nothing_chosen),
    spec(
        Action::ToMark,
        "to-mark",
        "to the place with the letter typed next; ' to where one was",
        &["'"],
        Place::Stories,
    ),
    spec(
        Action::Remove,
        "remove",
        "remove; among the removed, bring back",
        &["d"],
        Place::Stories,
    )
    .unless(nothing_chosen),
    spec(
        Action::NextStory,
        "next-story",
        "read the next story",
        &["]"],
        Place::Reader,
    ),
    spec(
        Action::PreviousStory,
        "previous-story",
        "read the story before",
        &["["],
        Place::Reader,
    ),
    spec(
        Action::FollowLink,
        "follow-link",
        "label links and what unfolds; type a label to follow or open it",
        &["f"],
        Place::Reader,
    )
    .unless(no_set_page),
    spec(
        Action::ReadLink,
        "read-link",
        "label links; type a label to fetch its page and read it here, without keeping it",
        &["F"],
        Place::Reader,
    )
    .unless(no_set_page),
    spec(
        Action::Fold,
        "fold",
        "open what is folded on the page (▸), or fold it again (▾)",
        &["enter"],
        Place::Reader,
    )
    .unless(no_set_page),
    spec(
        Action::Footnotes,
        "footnotes",
        "the footnotes of a page at its foot, or no longer",
        &["*"],
        Place::Reader,
    )
    .unless(no_set_page),
    spec(
        Action::Copy,
        "copy",
        "label links and code; type a label to copy it",
        &["y"],
        Place::Reader,
    )
    .unless(no_set_page),
    spec(
        Action::SelectText,
        "select-text",
        "select text: to highlight it, to write a note on it, to copy it",
        &["v"],
        Place::Reader,
    )
    .unless(no_text),
    spec(
        Action::StoryNotes,
        "story-notes",
        "choose a note of this story to go to; del removes it",
        &["V"],
        Place::Reader,
    )
    .unless(no_notes),
    spec(
        Action::SetMark,
        "set-mark",
        "mark this place with the letter typed next",
        &["M"],
        Place::Reader,
    )
    .unless(no_text),
    spec(
        Action::GoBack,
        "go-back",
        "back to where a link, the outline or a search was left",
        &["ctrl-o", "alt-left"],
        Place::Reader,
    )
    .unless(no_history),
    spec(
        Action::GoForward,
        "go-forward",
        "forward again to where one came back from",
        &["alt-right"],
        Place::Reader,
    )
    .unless(no_return),
    spec(
        Action::Outline,
        "outline",
        "choose a heading to go to; typing narrows them down",
        &["T"],
        Place::Reader,
    )
    .unless(no_set_page),
    spec(
        Action::ToPercent,
        "to-percent",
        "to where so many percent of the text are passed",
        &["%"],
        Place::Reader,
    )
    .unless(no_page),
    spec(
        Action::NextHeading,
        "next-heading",
        "to the next heading; among comments, to the next new one",
        &["}"],
        Place::Reader,
    )
    .unless(no_set_page),
    spec(
        Action::PreviousHeading,
        "previous-heading",
        "to the heading before, or the new comment before",
        &["{"],
        Place::Reader,
    )
    .unless(no_set_page),
    spec(
        Action::ScrollRight,
        "scroll-right",
        "see more of wide code and tables",
        &[">"],
        Place::Reader,
    )
    .unless(nothing_wide),
    spec(
        Action::ScrollLeft,
        "scroll-left",
        "back to the left of wide code and tables",
        &["<"],
        Place::Reader,
    )
    .unless(nothing_wide),
    spec(
        Action::Wider,
        "wider",
        "set the text wider; this is remembered",
        &["+"],
        Place::Reader,
    )
    .unless(no_wider),
    spec(
        Action::Narrower,
        "narrower",
        "set the text narrower",
        &["-"],
        Place::Reader,
    ),
    spec(
        Action::Justify,
        "justify",
        "let lines end at one edge, or ragged again",
        &["="],
        Place::Reader,
    ),
    spec(
        Action::Facing,
        "facing-pages",
        "two pages beside each other, or one again",
        &["p"],
        Place::Reader,
    )
    .unless(no_room_for_two),
    spec(
        Action::Pictures,
        "pictures",
        "draw pictures, or show their words alone",
        &["i"],
        Place::Reader,
    )
    .unless(no_pictures),
    spec(
        Action::Comments,
        "comments",
        "fetch and read the comments on the story; again for the story",
        &["c"],
        Place::Reader,
    )
    .unless(no_page),
    spec(
        Action::FullText,
        "full-text",
        "fetch the full text from the story's page; again for the feed's own",
        &["w"],
        Place::Reader,
    )
    .unless(no_page),
    spec(
        Action::Source,
        "source",
        "the text as it stands in its file; again for the page",
        &["\\"],
        Place::Reader,
    )
    .unless(no_page),
    spec(
        Action::Pipe,
        "pipe",
        "hand the story's text to a program, and see what that says",
        &["|"],
        Place::Reader,
    )
    .unless(no_page),
];
