//! What holds for every request: problem documents, headers, methods.

use reqwest::Method;

use crate::harness::TestApp;

#[actix_web::test]
async fn an_unknown_path_is_a_problem_in_the_callers_language() {
    TestApp::each(async |app| {
        let request = app.request(Method::GET, "/nothing/here").header("accept-language", "zh-CN,zh;q=0.9");
        let answer = crate::harness::answer(request).await;
        assert_eq!(answer.body["title"], "未找到");
        assert_eq!(answer.body["instance"], "/api/v1/nothing/here");
        answer.refused(404, "not_found");
        app.get("", "/%ff").await.refused(404, "not_found");
    })
    .await;
}

#[actix_web::test]
async fn every_answer_has_the_security_headers_and_the_callers_request_id() {
    TestApp::each(async |app| {
        let request = app.request(Method::GET, "/nothing").header("x-request-id", "my-request-1");
        let answer = crate::harness::answer(request).await;
        for (name, value) in [("x-content-type-options", "nosniff"), ("x-frame-options", "DENY"), ("referrer-policy", "no-referrer"), ("cache-control", "no-store"), ("x-request-id", "my-request-1")] {
            assert_eq!(answer.header(name), value, "{name}");
        }
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"));
        assert_eq!(answer.header("server"), "");
    })
    .await;
}

#[actix_web::test]
async fn a_problem_type_is_a_real_page() {
    TestApp::each(async |app| {
        let answer = app.get("", "//problems/version-conflict").await;
        assert_eq!((answer.status, answer.header("content-type")), (200, "text/html; charset=utf-8"));
        assert!(answer.text.contains("version_conflict"));
        app.get("", "//problems/no-such-code").await.refused(404, "not_found");
    })
    .await;
}
