// All of it in one process, with one server and one browser, in this order: what only looks comes first.
import "./pages.test.mjs";
import "./hostile.test.mjs";
import "./forms.test.mjs";
import "./keyboard.test.mjs";
import "./flows.test.mjs";
import "./replicas.test.mjs";
import "./inbox.test.mjs";
import "./mail.test.mjs";
import "./people.test.mjs";
import "./campaign.test.mjs";
import "./bulk.test.mjs";
import "./undo.test.mjs";
import "./consent.test.mjs";
import "./verifier.test.mjs";
import "./receipt.test.mjs";
import "./webhooks.test.mjs";
import "./sign-in.test.mjs";
