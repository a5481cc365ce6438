"use strict";

// The web chat's style, once for all its shadow trees.
const style = document.getElementById("web-style");
if (style) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style.textContent);
  for (const host of document.querySelectorAll(".web-host")) {
    if (host.shadowRoot) host.shadowRoot.adoptedStyleSheets = [sheet];
  }
}

const articles = [...document.querySelectorAll("article")];
const words = new Map();
const search = document.getElementById("search");
const count = document.getElementById("count");
const nothing = document.querySelector(".nothing");

const plain = (text) => text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();

const wordsOf = (article) => {
  if (!words.has(article)) {
    const shadows = [...article.querySelectorAll(".web-host")].map((host) => host.shadowRoot?.textContent ?? "");
    words.set(article, plain([article.textContent, ...shadows].join(" ")));
  }
  return words.get(article);
};

const find = () => {
  const wanted = plain(search.value).split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const article of articles) {
    const fits = wanted.every((word) => wordsOf(article).includes(word));
    article.hidden = !fits;
    shown += fits;
  }
  for (const section of document.querySelectorAll("section")) {
    section.hidden = !section.querySelector("article:not([hidden])");
  }
  count.textContent = String(shown);
  nothing.hidden = shown > 0;
};

search.addEventListener("input", find);

for (const box of document.querySelectorAll(".switch input")) {
  box.addEventListener("change", () => document.body.classList.toggle(`without-${box.value}`, !box.checked));
}

document.addEventListener("keydown", (event) => {
  if (event.key === "/" && document.activeElement !== search) {
    event.preventDefault();
    search.focus();
  }
});

if (location.hash.startsWith("#find=")) {
  search.value = decodeURIComponent(location.hash.slice(6));
  find();
}
