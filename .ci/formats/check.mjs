// Checks reports of grpclint, in the folder that the argument names, against
// the schemas of those who read them, and for what schemas cannot say.
//
//   *.sarif            the schema of SARIF 2.1.0, as Microsoft's SDK ships it
//   *.gitlab.json      gitlab.schema.json, after GitLab's documentation
//   *.checkstyle.xml   checkstyle.xsd, after what Checkstyle's XMLLogger writes
//   *.junit.xml        junit.xsd, after what Jenkins and GitLab read
//   *.html             HTML, and what makes a page accessible
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { HtmlValidate } from "html-validate";
import { validateXML } from "xmllint-wasm";

const here = import.meta.dirname;
const read = (...names) => fs.readFileSync(path.join(...names), "utf8");
const sdk = path.dirname(createRequire(import.meta.url).resolve("@microsoft/sarif-multitool-linux/package.json"));

const ajv = addFormats(new Ajv2020({ allErrors: true, strict: false }));
const jsonSchemas = {
  ".sarif": ajv.compile(JSON.parse(read(sdk, "sarif-2.1.0.json"))),
  ".gitlab.json": ajv.compile(JSON.parse(read(here, "gitlab.schema.json"))),
};
const xmlSchemas = {
  ".checkstyle.xml": read(here, "checkstyle.xsd"),
  ".junit.xml": read(here, "junit.xsd"),
};
const html = new HtmlValidate({ root: true, extends: ["html-validate:recommended"] });
const beyond = { ".sarif": checkSARIF, ".gitlab.json": checkGitLab };

// What refers to rules and places of the report must find them there.
function checkSARIF(log) {
  for (const run of log.runs) {
    const rules = run.tool.driver.rules;
    for (const rule of rules) {
      assert.ok(rule.help.markdown.length > 200, `${rule.id} has no page`);
    }
    for (const result of run.results) {
      assert.equal(rules[result.ruleIndex].id, result.ruleId);
      assert.equal(result.locations.length, 1);
      const related = new Set((result.relatedLocations ?? []).map((l) => l.id));
      for (const [, id] of result.message.text.matchAll(/\]\((\d+)\)/g)) {
        assert.ok(related.has(Number(id)), `${result.message.text}: no related location ${id}`);
      }
      for (const { physicalLocation: at } of [...result.locations, ...(result.relatedLocations ?? [])]) {
        assert.doesNotMatch(at.artifactLocation.uri, /^(\/|\.\/|[a-z]+:)|\\/);
        const { startLine, startColumn, endLine, endColumn } = at.region;
        assert.ok(endLine > startLine || (endLine === startLine && endColumn >= startColumn), JSON.stringify(at));
      }
    }
  }
}

// GitLab takes two entries with one fingerprint for one.
function checkGitLab(entries) {
  const seen = new Set();
  for (const entry of entries) {
    assert.ok(!seen.has(entry.fingerprint), `two entries have the fingerprint ${entry.fingerprint}`);
    seen.add(entry.fingerprint);
  }
}

const dir = process.argv[2];
let failed = 0;
let passed = 0;
for (const name of fs.readdirSync(dir).sort()) {
  const text = read(dir, name);
  const kind = name.slice(name.indexOf("."));
  const complaints = [];
  if (jsonSchemas[kind]) {
    const validate = jsonSchemas[kind];
    const document = JSON.parse(text);
    if (!validate(document)) {
      complaints.push(...validate.errors.map((e) => `${e.instancePath}: ${e.message} ${JSON.stringify(e.params)}`));
    } else {
      try {
        beyond[kind](document);
      } catch (e) {
        complaints.push(e.message);
      }
    }
  } else if (xmlSchemas[kind]) {
    const { valid, errors } = await validateXML({ xml: { fileName: name, contents: text }, schema: xmlSchemas[kind] });
    if (!valid) complaints.push(...errors.map((e) => e.rawMessage));
  } else if (kind === ".html") {
    const { results } = await html.validateString(text);
    complaints.push(...results.flatMap((r) => r.messages).map((m) => `${m.line}:${m.column}: ${m.message} (${m.ruleId})`));
  } else {
    complaints.push("there is no schema for such a file");
  }
  // A file whose name begins with "wrong" shows that its schema can say no.
  if (name.startsWith("wrong") === (complaints.length > 0)) {
    passed++;
    continue;
  }
  failed++;
  console.log(`${name}: ${complaints.join("\n  ") || "is wrong and passes"}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
