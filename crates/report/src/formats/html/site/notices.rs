//! The way in, and what went wrong.

use askama::Template;

use super::html;
use super::seen::number_of;
use crate::formats::html::show::visible;

/// Why somebody is not let in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LoginProblem {
    /// The token is none of the collector's.
    WrongToken,
    /// There was a login, and it ended: its time is over, or its token was removed.
    Ended,
    /// The form came from a page of another site.
    OtherSite,
}

#[derive(Template)]
#[template(path = "site/login.html")]
struct Login {
    problem: &'static str,
    to: String,
}

#[derive(Template)]
#[template(path = "site/notice.html")]
struct Notice<'a> {
    title: &'a str,
    text: &'a str,
}

#[derive(Template)]
#[template(path = "site/unknown.html")]
struct Unknown {
    id: String,
    reports: u64,
    server: String,
}

/// The form that asks for a token. `to`: the address, below the collector's, to go on to.
pub fn login(problem: Option<LoginProblem>, to: &str) -> String {
    let problem = match problem {
        None => "",
        Some(LoginProblem::WrongToken) => {
            "This is none of this collector's tokens. It may have been replaced or removed."
        }
        Some(LoginProblem::Ended) => "Your login has ended. Log in again to go on.",
        Some(LoginProblem::OtherSite) => "The form came from another site. Log in here.",
    };
    html(&Login { problem, to: to.to_owned() })
}

/// A page that says one thing.
pub fn notice(title: &str, text: &str) -> String {
    html(&Notice { title, text })
}

/// That nobody has pushed a build, and how to. `reports`: those that wait for it.
pub fn unknown_build(id: &str, reports: u64, server: &str) -> String {
    html(&Unknown { id: visible(id).into_owned(), reports, server: visible(server).into_owned() })
}
