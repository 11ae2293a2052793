//! A product in Rust: may this workspace use a feature, by the OpenFeature SDK and its OFREP provider.

use open_feature::provider::FeatureProvider as _;
use open_feature::{EvaluationContext, EvaluationErrorCode};
use open_feature_ofrep::{OfrepOptions, OfrepProvider};
use reqwest::header::{AUTHORIZATION, HeaderMap};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let [base, token, flag, workspace] = given.as_slice() else { panic!("BASE TOKEN FLAG WORKSPACE") };
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, format!("Bearer {token}").parse().expect("a header"));
    let options = OfrepOptions { base_url: base.clone(), headers, ..OfrepOptions::default() };
    let provider = OfrepProvider::new(options).await.expect("a provider");
    let context = EvaluationContext::default().with_targeting_key(workspace.as_str());
    let said = match provider.resolve_bool_value(flag, &context).await {
        // This provider hands on no metadata.
        Ok(found) => serde_json::json!({ "value": found.value, "variant": found.variant, "error": null }),
        Err(e) => {
            let code = match e.code {
                EvaluationErrorCode::FlagNotFound => "FLAG_NOT_FOUND".to_owned(),
                EvaluationErrorCode::InvalidContext => "INVALID_CONTEXT".to_owned(),
                other => format!("{other:?}"),
            };
            serde_json::json!({ "value": false, "variant": null, "error": code })
        }
    };
    println!("{said}");
}
