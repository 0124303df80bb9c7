//! Filter, undo and search as a person uses them.

use crate::play;

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_is_completed_narrowed_by_a_key_undone_and_the_detail_searched() {
    play("access", true, |mut person| async move {
        person.see("11 sent in").await;
        person.type_keys("/statsu");
        person.see("statsu is not a field; status?  Tab takes it").await;
        person.see("11 of 11 shown").await;
        person.type_keys("⇥");
        person.see(" / status:").await;
        person.type_keys("404⏎");
        person.see("/ status:404").await;
        person.type_keys("u");
        person.see("Undone: filter").await;
        person.see("Failures 11 ").await;
        person.type_keys("/code:=acc⇥⏎");
        person.see("/ code:=AccessDenied").await;
        person.type_keys("u*");
        person.see("Only code:").await;
        person.type_keys("⏎3/requestid");
        person.see("1 of 2").await;
        person.type_keys("⏎n");
        person.see("2 of 2").await;
        person.type_keys("⎋⎋q");
    })
    .await;
}
