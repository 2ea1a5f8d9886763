"use strict";
// Shows the answers behind a rate: filters, counts, and every answer with its claims and quotes.
// All texts enter the page as text, never as markup.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const form = document.getElementById("filters");
  const list = document.getElementById("list");
  const more = document.getElementById("more");
  const summary = document.getElementById("summary");
  const STEP = 40;
  let shown = [];
  let drawn = 0;

  const make = (tag, className, text) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const percent = (share) => `${(100 * share).toFixed(1)} %`;
  const field = (name) => form.elements.namedItem(name);
  const membersOf = (answer, group) =>
    group === "document" ? answer.documents : [answer.groups[group] || ""];

  // Student's 97.5 % quantile (Abramowitz & Stegun 26.7.5), by hand where there are few degrees of freedom.
  const student = (freedom) => {
    const few = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469];
    if (freedom <= few.length) return few[freedom - 1];
    const z = 1.959964;
    return z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2) +
      (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * freedom ** 3);
  };

  // The interval of assistant/audit/intervals.py.
  const rateOf = (answers, metric) => {
    const pairs = answers.map((a) => a.measures[metric]).filter((p) => p && p[1] > 0);
    const size = pairs.reduce((sum, p) => sum + p[1], 0);
    if (!size) return null;
    const value = pairs.reduce((sum, p) => sum + p[0], 0) / size;
    const k = pairs.length;
    const rate = (low, high) => ({ value, low: Math.max(0, low), high: Math.min(1, high), size, answers: k });
    if (value === 0 || value === 1) {
      const end = 0.025 ** (1 / Math.min(k, size));
      return value ? rate(end, 1) : rate(0, 1 - end);
    }
    if (k === 1) return rate(0, 1);
    let effective = size;
    const counts = data.metrics[metric].counts;
    if (!counts || size !== k) {
      const apart = pairs.reduce((sum, p) => sum + (p[0] - value * p[1]) ** 2, 0);
      const variance = ((k / (k - 1)) * apart) / size ** 2;
      if (variance > 0) effective = (value * (1 - value)) / variance;
      effective = counts ? Math.min(effective, size) : Math.max(1, effective);
    }
    const z = student(k - 1);
    const centre = (value + (z * z) / (2 * effective)) / (1 + (z * z) / effective);
    const half = (z / (1 + (z * z) / effective)) *
      Math.sqrt((value * (1 - value)) / effective + (z * z) / (4 * effective ** 2));
    return rate(centre - half, centre + half);
  };

  const quoteOf = (citation) => {
    const box = make("div");
    const page = citation.page === null ? "" : `, page ${citation.page}`;
    const headings = citation.headings.length ? `, ${citation.headings.join(" › ")}` : "";
    const place = make("div", "why", `[${citation.number}] ${citation.title}${page}${headings}`);
    box.append(place);
    const quote = make("blockquote");
    quote.append(citation.before, make("mark", "", citation.quote), citation.after);
    box.append(quote);
    const where = make("div", "why");
    if (/^(https?|file):/i.test(citation.link)) {
      const link = make("a", "", citation.document_uri);
      link.href = citation.link;
      link.target = "_blank";
      link.rel = "noopener noreferrer";
      where.append(link);
    } else where.append(citation.document_uri);
    where.append(`, version ${citation.version}`);
    box.append(where);
    return box;
  };

  const bodyOf = (answer) => {
    const inside = make("div", "inside");
    if (answer.error) inside.append(make("p", "why", answer.error));
    inside.append(make("div", "reply", answer.text));
    if (answer.claims.length) inside.append(claimsOf(answer));
    answer.citations.forEach((citation) => inside.append(quoteOf(citation)));
    const measures = Object.entries(answer.measures).map(([name, [numerator, denominator]]) =>
      `${data.metrics ? data.metrics[name].title : name} ${+numerator.toFixed(3)} of ${denominator}`);
    inside.append(make("p", "why", measures.join("; ")));
    return inside;
  };

  const claimsOf = (answer) => {
    const claims = make("ul", "claims");
    answer.claims.forEach((claim, index) => {
      const item = make("li", claim.supported ? "" : "bad", claim.text);
      const notes = [];
      if (!claim.supported) notes.push(`${claim.reason || "not supported"} (support ${claim.support.toFixed(2)})`);
      if (claim.second !== null) notes.push(`second judge: ${claim.second ? "supported" : "not supported"}`);
      const label = (data.truth || []).find((t) => t.answer === answer.id && t.claim === index + 1);
      if (label) notes.push(`people: ${label.supported ? "supported" : "not supported"}`);
      if (notes.length) item.append(make("div", "why", notes.join("; ")));
      claims.append(item);
    });
    return claims;
  };

  const failing = (answer, metric) => {
    if (metric) { const pair = answer.measures[metric]; return Boolean(pair) && pair[0] < pair[1] - 1e-9; }
    return answer.claims.some((claim) => !claim.supported) || answer.outcome === "failed";
  };

  const articleOf = (answer) => {
    const article = make("article");
    const details = make("details");
    const head = make("summary");
    const metric = field("metric").value;
    head.append(make("span", "question", answer.question), make("span", "tag", answer.outcome));
    const pair = metric && answer.measures[metric];
    const wrong = failing(answer, metric);
    const text = pair ? `${+pair[0].toFixed(2)} of ${pair[1]}`
      : answer.claims.length ? `${answer.claims.filter((c) => c.supported).length} of ${answer.claims.length} claims` : "";
    if (text) head.append(make("span", `tag ${wrong ? "bad" : "good"}`, text));
    details.append(head);
    details.addEventListener("toggle", () => {
      if (details.open && details.children.length === 1) details.append(bodyOf(answer));
    });
    article.append(details);
    return article;
  };

  const sideOf = (title, answer) => {
    const side = make("div");
    side.append(make("h3", "", title), make("div", "why", `${answer.outcome}, version ${answer.version}`));
    side.append(make("div", "reply", answer.text));
    answer.citations.forEach((citation) => side.append(quoteOf(citation)));
    return side;
  };

  const changeOf = (change) => {
    const article = make("article");
    const details = make("details");
    const head = make("summary");
    const bad = ["lost", "conflicting", "worse"].includes(change.kind);
    head.append(make("span", "question", change.question), make("span", `tag ${bad ? "bad" : ""}`, change.kind));
    details.append(head);
    details.addEventListener("toggle", () => {
      if (!details.open || details.children.length > 1) return;
      const inside = make("div", "inside");
      if (change.why) inside.append(make("p", "why", change.why));
      const sides = make("div", "sides");
      sides.append(sideOf("Before", change.first), sideOf("After", change.second));
      inside.append(sides);
      change.documents.forEach((document) => inside.append(documentOf(document)));
      details.append(inside);
    });
    article.append(details);
    return article;
  };

  const documentOf = (document) => {
    const box = make("div");
    box.append(make("h3", "", `${document.kind}: ${document.uri}`));
    const lines = make("div", "lines");
    document.lines.forEach((line) =>
      lines.append(make("div", line.startsWith("-") ? "minus" : line.startsWith("+") ? "plus" : "", line)));
    box.append(lines);
    return box;
  };

  const draw = () => {
    shown.slice(drawn, drawn + STEP).forEach((item) => list.append(data.changes ? changeOf(item) : articleOf(item)));
    drawn = Math.min(shown.length, drawn + STEP);
    more.hidden = drawn >= shown.length;
  };

  const filterAnswers = () => {
    const metric = field("metric").value;
    const find = field("find").value.trim().toLowerCase();
    const groups = [...form.elements].filter((e) => e.name.startsWith("group:") && e.value)
      .map((e) => [e.name.slice(6), e.value]);
    const kept = data.answers.filter((answer) =>
      (!metric || answer.measures[metric]) &&
      groups.every(([group, value]) => membersOf(answer, group).includes(value)) &&
      (!find || `${answer.id} ${answer.question} ${answer.text}`.toLowerCase().includes(find)));
    const rate = metric ? rateOf(kept, metric) : null;
    shown = field("failing").checked ? kept.filter((answer) => failing(answer, metric)) : kept;
    shown = [...shown].sort((a, b) => failing(b, metric) - failing(a, metric));
    summary.textContent = `${shown.length} answers` + (rate
      ? `; ${data.metrics[metric].title} ${percent(rate.value)} (${percent(rate.low)} to ${percent(rate.high)}), ` +
        `n ${rate.size}` : "");
  };

  const filterChanges = () => {
    const kind = field("kind").value;
    const find = field("find").value.trim().toLowerCase();
    shown = data.changes.filter((change) => (!kind || change.kind === kind) &&
      (!find || `${change.id} ${change.question} ${change.first.text} ${change.second.text}`.toLowerCase().includes(find)));
    summary.textContent = `${shown.length} answers`;
  };

  const update = () => {
    if (data.changes) filterChanges(); else filterAnswers();
    list.replaceChildren();
    drawn = 0;
    draw();
  };

  const choose = (line) => {
    form.reset();
    field("metric").value = line.dataset.metric;
    const select = line.dataset.group === "all" ? null : field(`group:${line.dataset.group}`);
    if (select) select.value = line.dataset.member;
    document.querySelectorAll(".rate.chosen").forEach((other) => other.classList.remove("chosen"));
    line.classList.add("chosen");
    update();
    document.getElementById("answers").scrollIntoView({ behavior: "auto" });
  };

  if (!data.changes) {
    [...form.elements].filter((e) => e.name.startsWith("group:")).forEach((select) => {
      const group = select.name.slice(6);
      const values = [...new Set(data.answers.flatMap((a) => membersOf(a, group)))].filter(Boolean).sort();
      values.forEach((value) => {
        const option = make("option", "", value.length > 48 ? `…${value.slice(-47)}` : value);
        option.value = value;
        select.append(option);
      });
      if (!values.length) select.parentElement.hidden = true;
    });
    document.querySelectorAll(".rate").forEach((line) => {
      line.addEventListener("click", () => choose(line));
      line.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(line); }
      });
    });
  }
  form.addEventListener("input", update);
  form.addEventListener("reset", () => setTimeout(update));
  form.addEventListener("submit", (event) => event.preventDefault());
  more.addEventListener("click", draw);
  update();
})();
