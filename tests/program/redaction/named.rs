//! Secrets that their names give away, in every form of text.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread;

use super::ID;
use crate::support::{program, run};

/// Ways in which people and programs write a secret beside its name; `{S}` is the secret.
const FORMS: &[(&str, &str)] = &[
    ("XML element", "<SecretKey>{S}</SecretKey>"),
    ("XML property", "<property><name>fs.cosn.userinfo.secretKey</name>\n  <value>{S}</value></property>"),
    ("XML property, one line", "<name>fs.s3a.secret.key</name><value>{S}</value>"),
    ("plist", "<key>SecretKey</key><string>{S}</string>"),
    ("echoed token", "<Token-0>{S}</Token-0>"),
    ("echoed signature", "<SignatureProvided>{S}</SignatureProvided>"),
    ("echoed signature after a line feed", "<SignatureProvided>\n{S}\n</SignatureProvided>"),
    ("echoed signature, JSON in Go", r#"{"body":"\u003cSignatureProvided\u003e{S}\u003c/SignatureProvided\u003e"}"#),
    ("echoed signature, entities", "&lt;SignatureProvided&gt;{S}&lt;/SignatureProvided&gt;"),
    ("canonical bytes", "<CanonicalRequestBytes>{H}</CanonicalRequestBytes>"),
    ("canonical bytes after a line feed", "<StringToSignBytes>\n{H}</StringToSignBytes>"),
    ("bytes in JSON", r#"{"StringToSignBytes": "{H}"}"#),
    ("bytes in a printed object", "  StringToSignBytes: '{H}',"),
    ("percent-encoded signature", "AWS4-HMAC-SHA256%20Credential%3Dx%2C%20Signature%3D{S}%0D%0A"),
    ("percent-encoded header", "X-Amz-Security-Token%3A%20{S}%0D%0AHost%3A%20h"),
    ("percent-encoded Authorization", "GET%20/%0D%0AAuthorization%3A%20AWS%20x%3A{S}%0D%0AHost%3A%20h"),
    ("PHP array", "'secretKey' => '{S}',"),
    ("PHP variable", "$config['secretKey'] = '{S}';"),
    ("PHP call", "'secretKey' => env('COS_SECRET_KEY', '{S}'),"),
    ("full-width colon", "SecretKey：{S}"),
    ("Chinese", "我的密钥：{S}"),
    ("Chinese, assigned", "密钥 = {S}"),
    ("coscmd", "coscmd config -a AKIDfakeIDfakeIDfakeID -s {S} -b b-1250000000 -r ap-guangzhou"),
    ("coscmd token", "coscmd config -a AKIDfakeIDfakeID -s fakefake -t {S} -b b-1250000000"),
    ("coscli", "coscli config set --secret_id AKIDfakeIDfakeID --secret_key {S}"),
    ("mc alias", "mc alias set s3 https://s3.amazonaws.com fakeACCESSfake {S}"),
    ("mc host", "mc config host add s3 https://play.min.io fakeACCESSfake {S} --api S3v4"),
    ("ossutil", "ossutil config -e oss-cn-beijing.aliyuncs.com -i LTAIfakeIDfakeID -k {S}"),
    ("obsutil", "obsutil config -i=fakeIDfakeID -k={S} -e=obs.example.com"),
    ("aws configure", "aws configure set aws_secret_access_key {S}"),
    (
        "curl --user",
        "curl --aws-sigv4 aws:amz:us-east-1:s3 --user \"AKIAFAKEFAKEFAKEFAKE:{S}\" https://b.s3.amazonaws.com",
    ),
    ("constructor with an id", "new BasicCOSCredentials(\"AKIDfakeIDfakeIDfakeID\", \"{S}\")"),
    ("constructor without", "new BasicAWSCredentials(\"minio\", \"{S}\")"),
    ("constructor's token", "new BasicSessionCredentials(\"AKIDfakeIDfakeIDfakeID\", \"fakefakefakefake\", \"{S}\")"),
    ("Go constructor", "credentials.NewStaticV4(\"minio\", \"fakefake\", \"{S}\")"),
    ("s3fs password", "AKIAFAKEFAKEFAKEFAKE:{S}"),
    ("argument", "conf.set(\"fs.cosn.userinfo.secretKey\", \"{S}\");"),
    ("setter", "clientConfig.setSecretKey(\"{S}\");"),
    ("accessKeySecret", "accessKeySecret: {S}"),
    ("spaced name", "secret key = {S}"),
    ("spaced name and colon", "Secret Access Key: {S}"),
    ("Python bytes", "headers={'X-Amz-Security-Token': b'{S}'}"),
    ("Python bytes, header", "headers={'Authorization': b'Bearer {S}', 'Host': b'h'}"),
    ("Go %#v", "http.Header{\"Authorization\":[]string{\"AWS4-HMAC-SHA256 Signature={S}\"}}"),
    ("Go %v", "map[X-Amz-Security-Token:[{S}] Host:[h]]"),
    ("Ruby", "{\"x-amz-security-token\"=>[\"{S}\"]}"),
    ("Ruby header", "{\"authorization\"=>\"AWS x:{S}\"}"),
    ("Rust", "Config { token: Some(\"{S}\"), region: None }"),
    ("Erlang", "{<<\"x-amz-security-token\">>,<<\"{S}\">>}"),
    ("JavaScript", "  SecurityToken: '{S}',"),
    ("JavaScript token", "  token: '{S}',"),
    ("JSON", r#"{"tmpSecretKey":"{S}"}"#),
    ("JSON in JSON", r#"{\"SecretAccessKey\":\"{S}\"}"#),
    ("JSON signature", r#"{"signature": "{S}"}"#),
    ("JSON pair", r#"{"name":"COS_SECRET_KEY","value":"{S}"}"#),
    ("YAML pair", "- name: COS_SECRET_KEY\n  value: {S}"),
    ("YAML", "secret_key: \"{S}\""),
    ("shell", "export TENCENTCLOUD_SECRET_KEY={S}"),
    ("PowerShell", "$env:AWS_SECRET_ACCESS_KEY = \"{S}\""),
    ("URL", "https://b-1250000000.cos.ap-guangzhou.myqcloud.com/k?q-signature={S}&x=1"),
    ("URL in JSON", r"https://h/k?x=1\u0026x-cos-security-token={S}\u0026y=2"),
    ("userinfo", "proxy http://user:{S}@proxy:3128/"),
    ("userinfo without a password", "proxy http://{S}@proxy:3128/"),
    ("Authorization line", "Authorization: q-sign-algorithm=sha1&q-signature={S}"),
    ("cookie", "> Cookie: session={S}"),
    ("bearer", "sent Bearer {S} to it"),
    ("SigV2", "StringToSign was AWS fakeACCESSfake:{S}"),
    ("SSE-C key", "x-cos-server-side-encryption-customer-key: {S}"),
    ("password", "proxy_password={S}"),
    ("PHP dump", "[\"secretKey\"]=> string(30) \"{S}\""),
    ("attributes", "<add key=\"SecretKey\" value=\"{S}\" />"),
    ("table", "| SecretKey | {S} |"),
    ("sentence", "my SecretKey is {S}"),
    ("Chinese sentence", "SecretKey（密钥）：{S}"),
    ("property with dots", "<name>fs.s3a.session.token</name><value>{S}</value>"),
    ("minio.New", "minio.New(\"play.min.io\", \"fakeACCESS\", \"{S}\", true)"),
];

/// A secret of its own for each form, so that a hit tells whose it is.
fn mark(at: usize) -> String {
    format!("Q{at:04}Q")
}

fn filled(at: usize, form: &str) -> String {
    let secret = format!("{0}fakeKEYfakeKEYfakeKEY{0}", mark(at));
    let bytes = secret.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
    form.replace("{S}", &secret).replace("{H}", &bytes)
}

fn hits(at: usize, text: &str) -> usize {
    let bytes = mark(at).bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
    text.matches(&mark(at)).count() + text.matches(&bytes).count()
}

/// The text around a form, as people paste it; one line of it, or a document.
fn pasted(form: &str) -> [String; 3] {
    let code = "Code: AccessDenied, Message: Access Denied.";
    [
        format!(
            "{form}\n<Error><Code>AccessDenied</Code><Message>Access Denied.</Message><RequestId>{ID}</RequestId></Error>\n"
        ),
        format!("upload failed: status code: 403, {code}, RequestId: {ID} {}\n", form.replace('\n', " ")),
        format!(
            "<Error><Code>AccessDenied</Code><Message>{}</Message>{form}<RequestId>{ID}</RequestId></Error>\n",
            form.replace('<', "&lt;")
        ),
    ]
}

/// Answers the request for `/NUMBER` with the form of this number.
fn answers_with_forms() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut head = [0; 4096];
            let length = stream.read(&mut head).unwrap_or_default();
            let head = String::from_utf8_lossy(&head[..length]).into_owned();
            let number = head.split(['/', ' ']).nth(2).and_then(|path| path.parse::<usize>().ok()).unwrap_or_default();
            let form = filled(number, FORMS[number].1);
            let [_, _, body] = pasted(&form);
            let answer = format!(
                "HTTP/1.1 403 Forbidden\r\nx-cos-request-id: {ID}\r\nx-echo: {}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                form.replace('\n', " "),
                body.len()
            );
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    address
}

#[test]
fn no_form_of_a_named_secret_comes_out_anywhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let mut places: Vec<(&str, String)> = Vec::new();
    let (mut files, mut lost) = (Vec::new(), Vec::new());
    let [mut json, mut table, mut notes] = [const { String::new() }; 3];
    for (at, (_, form)) in FORMS.iter().enumerate() {
        for (way, text) in pasted(&filled(at, form)).into_iter().enumerate() {
            let file = path(&format!("{at}-{way}.txt"));
            std::fs::write(&file, text).expect("written");
            let name = file.to_str().expect("a name");
            for (format, into) in [("json", &mut json), ("table", &mut table)].into_iter().skip(usize::from(way == 1)) {
                let (out, err, _) = run(&mut program(&["diagnose", name, "--format", format]));
                if format == "json" && !out.contains(ID) {
                    lost.push(*form);
                }
                into.push_str(&out);
                notes.push_str(&err);
            }
            files.push(file);
        }
    }
    places.extend([("diagnose json", json), ("diagnose table", table)]);
    let read = |path: std::path::PathBuf| {
        let bytes = std::fs::read(&path).unwrap_or_default();
        assert!(!bytes.is_empty(), "{} was written", path.display());
        String::from_utf8_lossy(&bytes).into_owned()
    };
    for (place, format) in [("import ndjson", "ndjson"), ("import csv", "csv"), ("import markdown", "markdown")] {
        let mut command = program(&["import", "--all", "--format", format]);
        command.args(&files).arg("--ticket").arg(path("ticket")).arg("--evidence").arg(path("evidence"));
        let (out, err, status) = run(&mut command);
        assert_eq!(status, 1, "{err}");
        assert!(out.matches(ID).count() >= files.len(), "{place}: {err}");
        places.push((place, out));
        notes.push_str(&err);
    }
    places.extend([("ticket", read(path("ticket"))), ("evidence", read(path("evidence")))]);
    let address = answers_with_forms().to_string();
    let keys: Vec<_> = (0..FORMS.len()).map(|at| format!("b-1250000000/{at}")).collect();
    let mut command = program(&["probe", "--op", "get-object", "--format", "json", "--anonymous", "--scheme", "http"]);
    command.args(["--region", "ap-guangzhou", "--connect-to", &address]).args(&keys);
    command.env("COSDIAG_HISTORY", path("history.db")).arg("--ticket").arg(path("ticket of a probe"));
    let (out, err, status) = run(&mut command);
    assert_eq!(status, 1, "{err}");
    assert!(out.matches("AccessDenied").count() >= FORMS.len(), "{out}");
    notes.push_str(&err);
    let history = read(path("history.db"))
        + &std::fs::read(path("history.db-wal"))
            .map_or_else(|_| String::new(), |wal| String::from_utf8_lossy(&wal).into_owned());
    places.extend([("probe json", out), ("probe ticket", read(path("ticket of a probe"))), ("history.db", history)]);
    places.push(("standard error", notes));
    let mut found = 0;
    for (at, (form, _)) in FORMS.iter().enumerate() {
        let hits: Vec<_> = places.iter().map(|(place, text)| (*place, hits(at, text))).collect();
        let sum: usize = hits.iter().map(|(_, hits)| hits).sum();
        found += sum;
        println!("{form:36} {sum:4}  {:?}", hits.iter().filter(|(_, hits)| *hits > 0).collect::<Vec<_>>());
    }
    println!("{} forms, {} places, {found} hits", FORMS.len(), places.len());
    assert_eq!((found, lost), (0, Vec::new()), "nothing comes out, and no RequestId goes with it");
}

#[test]
fn what_identifies_a_failure_is_no_secret() {
    for text in [
        "x-cos-request-id: NjgzNDk2MmZfYTAxMjNlMGJfMTNlZV9hYjY2YzE=",
        "x-cos-trace-id: OGVmYzZiMmQzYjA2OWNhODk0NTRkMTBiOWVmMDAxODc0OWRkZjk0ZDM1NmI1M2E2MTRlY2MzZDhmNmI5MWI1OWE4OGMxZjNjY2JiNTBmMTVmMWY1MzAzYzkyZGQ2ZWM4MWQ2ZDhmYTAzZDE4YjU4ZDY0YjY4YTUyYmJkYzM=",
        "<HostId>zPrG2Pn2kYNEvMAUC4gaGTAsMDPS4gYpKHhwrXoOcCTEZq2kRtmQKQLGwxcvCVPlJ0kYBjWvn1k=</HostId>",
        "x-amz-id-2: zPrG2Pn2kYNEvMAUC4gaGTAsMDPS4gYpKHhwrXoOcCTEZq2kRtmQKQLGwxcvCVPlJ0kYBjWvn1k=",
        "2026-11-23T06:38:09Z GET photos-1250000000.cos.ap-guangzhou.myqcloud.com/a/secret/key.txt 403",
        "q-sign-time=1763879889;1763880849 X-Amz-Date=20261123T063809Z&X-Amz-Expires=900",
        "The Signature you specified is invalid. InvalidSecurityToken: The security token is not valid",
        "Signature: SignatureDoesNotMatch, SecretKey 错误, 请检查密钥是否正确，密钥长度为 32 位",
        "required: \"SecretId\", \"SecretKey\", \"Region\", \"Bucket\"",
        "ETag: \"d41d8cd98f00b204e9800998ecf8427e\" x-cos-hash-crc64ecma: 16749565679157681890",
        "basic authentication failed; Bearer authentication is not supported",
        "NextToken=page2 marker=photos/token/secret.jpg continuation-token=1ueGcxLPRx1Tr",
        "https://photos-1250000000.cos.ap-guangzhou.myqcloud.com/asia/akid/secret-key.html?versionId=MTg0NDUxNTc1NjIzMTQ1MDAwODg",
        "sha1\n1763879889;1763880849\n0123456789abcdef0123456789abcdef01234567",
    ] {
        let clean = cosdiag::engine::redact::Redactor::default().text(text).into_owned();
        assert_eq!(clean, text);
    }
}

#[test]
fn secrets_of_the_configuration_are_hunted_in_what_is_read() {
    const SECRET: &str = "fakeKEYfakeKEYfakeKEY";
    let folder = tempfile::tempdir().expect("a folder");
    let home = folder.path();
    let line = format!("AccessDenied RequestId: {ID} signed with {SECRET} here\n");
    std::fs::create_dir_all(home.join(".aws")).expect("made");
    let ini = format!("[default]\naws_access_key_id = AKIAFAKEFAKEFAKEFAKE\naws_secret_access_key = {SECRET}\n");
    let coscli = format!("cos:\n  base:\n    secretid: AKIDfakeIDfakeID\n    secretkey: {SECRET}\n");
    let printed = format!(r#"{{"Version":1,"AccessKeyId":"AKIDfakeIDfakeID","SecretAccessKey":"{SECRET}"}}"#);
    std::fs::write(home.join("printed.json"), printed).expect("written");
    let process = format!("[profile.a]\ncredential_process = \"cat {}\"\n", home.join("printed.json").display());
    for (file, text, profile) in [
        ("config.toml", format!("[profile.a]\nsecret_id = \"AKIDfakeIDfakeID\"\nsecret_key = \"{SECRET}\"\n"), "a"),
        (
            "config.toml",
            format!("[profile.b]\nsecret_id = \"AKIDfakeIDfakeID\"\nsecret_key = \"{SECRET}\"\n[profile.a]\n"),
            "a",
        ),
        ("config.toml", process, "a"),
        (".aws/credentials", ini, "aws:default"),
        (".cos.yaml", coscli, "coscli"),
        (
            ".cos.conf",
            format!(
                "[common]\nsecret_id = AKIDfakeIDfakeID\nsecret_key = {SECRET}\nbucket = b-1250000000\nregion = ap-guangzhou\n"
            ),
            "coscmd",
        ),
    ] {
        let path = home.join(file);
        std::fs::write(&path, text).expect("written");
        std::fs::write(home.join("log"), &line).expect("written");
        let log = home.join("log");
        let log = log.to_str().expect("a name");
        for command in [["import", log, "--format", "ndjson"], ["diagnose", log, "--format", "json"]] {
            let mut command = program(&command);
            command.args(["-p", profile]).env("HOME", home);
            if file == "config.toml" {
                command.env("COSDIAG_CONFIG", &path);
            }
            let (out, err, status) = run(&mut command);
            assert_eq!(status, 1, "{err}");
            assert!(out.contains(ID) && !out.contains(SECRET), "{file}, -p {profile}: {out}{err}");
        }
        std::fs::remove_file(&path).expect("removed");
    }
}

#[test]
fn a_header_without_a_colon_is_not_repeated() {
    for header in ["Authorization Bearer fakeKEYfakeKEY", "fakeKEYfakeKEY", "Authorization fakeKEYfakeKEY: x"] {
        let (out, err, status) =
            run(&mut program(&["probe", "b-1250000000", "--header", header, "--region", "ap-guangzhou"]));
        assert_eq!((status, out.as_str()), (2, ""));
        assert!(err.contains("--header") && !err.contains("fakekey") && !err.contains("fakeKEY"), "{err}");
    }
}
