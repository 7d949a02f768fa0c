//! The command line beside a service: every command says and does the same, whoever holds the data directory.

mod cases;
mod compare;
mod ends;

use crate::program::{plain, with_model};
use libtest_mimic::Trial;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        with_model("through::every_command_is_the_same_with_and_without_a_service", None, compare::all),
        plain("through::no_command_and_no_option_is_left_out", compare::complete),
        with_model("through::ctrl_c_stops_the_ingest_in_the_service", None, ends::ctrl_c),
        with_model("through::a_client_that_dies_takes_its_ingest_along", None, ends::client_dies),
        with_model("through::a_service_that_dies_is_told", None, ends::service_dies),
        plain("through::what_is_no_service_of_ours_is_not_asked", ends::not_asked),
        with_model("through::no_secret_is_told", None, ends::secrets),
    ]
}
