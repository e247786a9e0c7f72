// Sada's own script, for comfort: every page works without it.
"use strict";

(() => {
  const language = document.documentElement.lang === "ar" ? "ar-u-nu-arab" : "en-GB";
  const plural = new Intl.PluralRules(language);
  const digits = new Intl.NumberFormat(language);
  const samples = { one: 1, two: 2, few: 3, many: 11, other: 100 };

  // Puts what the server shows now in place of a part of the page; nothing else moves.
  const refresh = async (id) => {
    const answer = await fetch(location.href, { headers: { accept: "text/html" }, redirect: "error" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [before, after] = [document.getElementById(id), page.getElementById(id)];
    if (before && after) before.replaceWith(document.adoptNode(after));
  };

  // --- what is new: counted, and shown when somebody asks for it ---

  const heard = new Set();
  const news = () => document.querySelector("[data-news]");
  const show = (bar) => {
    const count = bar.heard ? bar.heard.size : 0;
    const form = plural.select(count);
    const text = bar.dataset[form] || bar.dataset.other;
    bar.querySelector("a").textContent = text.replace(digits.format(samples[form] || 100), digits.format(count));
    bar.hidden = count === 0;
  };
  const add = (key) => {
    const bar = news();
    if (!bar) return;
    bar.heard = bar.heard || new Set();
    bar.heard.add(key);
    show(bar);
  };
  document.addEventListener("click", (click) => {
    const link = click.target.closest("[data-news] a");
    if (!link) return;
    click.preventDefault();
    refresh("main").then(() => document.getElementById("main").focus({ preventScroll: true }));
  });

  // --- imports and incidents: shown as they go on ---

  const waiting = new Set();
  const renew = (id) => {
    if (waiting.has(id) || !document.getElementById(id)) return;
    waiting.add(id);
    setTimeout(() => { waiting.delete(id); refresh(id).catch(() => {}); }, 500);
  };
  const follow = (id) => {
    const part = document.querySelector("[data-import]");
    if (part && (!id || part.dataset.import === id)) renew(part.id);
  };

  if ("EventSource" in window && (news() || document.querySelector("[data-import]"))) {
    // also what happened between the making of the page and the first word of it
    const since = Number(document.body.dataset.now);
    const source = new EventSource(`/events?since=${since}`);
    const listen = (kind, then) => source.addEventListener(kind, (event) => {
      const key = `${kind} ${event.data}`;
      if (heard.has(key)) return;
      heard.add(key);
      if (heard.size > 5000) heard.clear();
      const told = JSON.parse(event.data);
      if (Date.parse(told.at) >= since) then(told);
    });
    for (const kind of ["feedback_received", "ticket_opened", "ticket_changed", "themes_grouped"]) {
      listen(kind, (event) => {
        const bar = news();
        if (bar && bar.dataset.news.split(" ").includes(kind)) add(event.id || kind);
      });
    }
    listen("import_changed", (event) => follow(event.id));
    for (const kind of ["incident_opened", "incident_changed"]) listen(kind, () => renew("incidents"));
    source.addEventListener("lagged", () => { add("lagged"); follow(null); renew("incidents"); });
    addEventListener("pagehide", () => source.close());
  }

  // --- j and k go through a list, enter opens ---

  document.addEventListener("keydown", (key) => {
    const typing = key.target.closest("input, select, textarea, [contenteditable]");
    if (typing || key.ctrlKey || key.metaKey || key.altKey || !["j", "k"].includes(key.key)) return;
    const links = [...document.querySelectorAll("[data-keys] > li .said a")];
    if (links.length === 0) return;
    const at = links.findIndex((link) => link.closest("li").contains(document.activeElement));
    const next = key.key === "j" ? Math.min(at + 1, links.length - 1) : Math.max(at - 1, 0);
    links[next].focus();
    key.preventDefault();
  });
})();
