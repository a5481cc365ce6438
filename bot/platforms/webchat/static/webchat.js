/* What must happen in the browser itself: scrolling, keyboard, windows, uploads. Everything else is the server's. */
(() => {
  "use strict";

  const NEAR_BOTTOM_PX = 80;
  const UPLOADS = "/webchat/uploads";

  /* --- scrolling: follow the chat, unless somebody is reading above */

  const reading = new WeakSet();

  const atBottom = (log) => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_BOTTOM_PX;
  const jumpOf = (log) => log.closest("[data-pane]")?.querySelector("[data-jump]");

  function toBottom(log) {
    log.scrollTop = log.scrollHeight;
  }

  function follow(log, grown) {
    if (!reading.has(log)) toBottom(log);
    else if (grown && !atBottom(log)) jumpOf(log)?.removeAttribute("hidden");
  }

  document.addEventListener(
    "scroll",
    (event) => {
      const log = event.target;
      if (!(log instanceof HTMLElement) || !log.matches("[data-log]")) return;
      if (atBottom(log)) {
        reading.delete(log);
        jumpOf(log)?.setAttribute("hidden", "");
      } else reading.add(log);
    },
    true,
  );

  document.addEventListener(
    "load",
    (event) => {
      const log = event.target instanceof HTMLImageElement && event.target.closest("[data-log]");
      if (log) follow(log, false);
    },
    true,
  );

  const widths = new ResizeObserver((entries) => entries.forEach((entry) => follow(entry.target, false)));

  /* --- focus: a card that is redrawn after a press keeps the keyboard where it was */

  let lastBubble = { row: null, label: "" };

  document.addEventListener("focusin", (event) => {
    const row = event.target.closest?.("[data-message-id]");
    lastBubble = { row, label: event.target.textContent };
  });

  function restoreFocus() {
    const { row, label } = lastBubble;
    if (!row?.isConnected || document.activeElement !== document.body) return;
    const same = [...row.querySelectorAll("button")].find((button) => button.textContent === label);
    (same ?? row.querySelector("[data-bubble]"))?.focus({ preventScroll: true });
  }

  /* --- everything that Vue adds */

  const opener = new WeakMap();

  function openDialog(dialog) {
    opener.set(dialog, document.activeElement);
    dialog.showModal();
    dialog.querySelector(".form-body :is(input:not([type=hidden]), textarea, select)")?.focus();
  }

  function comesAndGoes(records) {
    const logs = new Set();
    for (const record of records) {
      const log = record.target.closest?.("[data-log]");
      if (log) logs.add(log);
      for (const node of record.addedNodes) {
        if (!(node instanceof HTMLElement)) continue;
        for (const one of [node, ...node.querySelectorAll("[data-modal], [data-log]")]) {
          if (one.matches("[data-modal]") && !one.open) openDialog(one);
          if (one.matches("[data-log]")) {
            widths.observe(one);
            logs.add(one);
          }
        }
      }
      for (const node of record.removedNodes) {
        if (!(node instanceof HTMLElement)) continue;
        const dialog = node.matches("[data-modal]") ? node : node.querySelector("[data-modal]");
        const before = dialog && opener.get(dialog);
        if (before?.isConnected) before.focus();
        else if (dialog) document.querySelector("[data-message]")?.focus();
      }
    }
    logs.forEach((log) => follow(log, true));
    restoreFocus();
  }

  document.addEventListener("DOMContentLoaded", () => {
    new MutationObserver(comesAndGoes).observe(document.body, { childList: true, subtree: true });
    document.querySelectorAll("[data-log]").forEach((log) => {
      widths.observe(log);
      toBottom(log);
    });
  });

  /* --- lists that one chooses from with the arrows: commands, names */

  const optionsOf = (list) => [...list.querySelectorAll("[role=option]")].filter((option) => !option.hidden);
  const activeOf = (list) => list.querySelector("[role=option][aria-selected=true]:not([hidden])");

  function activate(list, option, input) {
    list.querySelectorAll("[aria-selected=true]").forEach((one) => one.setAttribute("aria-selected", "false"));
    if (option) {
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", option.id);
    } else input.removeAttribute("aria-activedescendant");
  }

  function move(list, step, input) {
    const options = optionsOf(list);
    if (!options.length) return;
    const at = options.indexOf(activeOf(list));
    const next = at < 0 ? (step > 0 ? 0 : options.length - 1) : (at + step + options.length) % options.length;
    activate(list, options[next], input);
  }

  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  function filter(list, keep) {
    list.querySelectorAll("[role=option]").forEach((option) => (option.hidden = !keep(option)));
    return optionsOf(list).length > 0;
  }

  /* --- the typing box and its commands */

  function commandsOf(element) {
    const pane = element.closest("[data-pane]");
    return {
      box: pane.querySelector("[data-message]"),
      panel: pane.querySelector("[data-commands]"),
      toggle: pane.querySelector("[data-commands-toggle]"),
    };
  }

  function showCommands(element, shown) {
    const { box, panel, toggle } = commandsOf(element);
    panel.hidden = !shown;
    toggle.setAttribute("aria-expanded", String(shown));
    if (!shown) activate(panel, null, box);
  }

  function grow(box) {
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 160)}px`;
  }

  function typed(box) {
    const text = box.value;
    const { panel } = commandsOf(box);
    const asksCommand = /^\/\S*$/.test(text);
    const any = asksCommand && filter(panel, (option) => option.dataset.command.startsWith(text.toLowerCase()));
    showCommands(box, any);
    grow(box);
  }

  function emptied(box) {
    box.value = "";
    grow(box);
    showCommands(box, false);
  }

  function keyInBox(event, box) {
    const { panel } = commandsOf(box);
    const open = !panel.hidden;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      move(panel, event.key === "ArrowDown" ? 1 : -1, box);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      showCommands(box, false);
    } else if (event.key === "Tab" && open && activeOf(panel)) {
      event.preventDefault();
      box.value = `${activeOf(panel).dataset.command} `;
      showCommands(box, false);
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      const chosen = open && activeOf(panel);
      if (chosen) chosen.click();
      else box.form.requestSubmit();
    }
  }

  /* --- names found by typing a part of them */

  const listOf = (combo) => combo.querySelector("[role=listbox]");
  const typedIn = (combo) => combo.querySelector("[role=combobox]");
  const heldBy = (combo) => combo.querySelector("input[type=hidden]");

  function showNames(combo, shown) {
    listOf(combo).hidden = !shown;
    typedIn(combo).setAttribute("aria-expanded", String(shown));
    if (!shown) activate(listOf(combo), null, typedIn(combo));
  }

  function report(element) {
    element.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function choose(combo, option) {
    typedIn(combo).value = option.textContent;
    heldBy(combo).value = option.dataset.value;
    showNames(combo, false);
    report(heldBy(combo));
  }

  function lookFor(combo) {
    const words = plain(typedIn(combo).value).split(/\s+/).filter(Boolean);
    const any = filter(listOf(combo), (option) => words.every((word) => plain(option.textContent).includes(word)));
    showNames(combo, any);
    const exact = optionsOf(listOf(combo)).find((option) => plain(option.textContent) === words.join(" "));
    heldBy(combo).value = exact ? exact.dataset.value : typedIn(combo).value.trim();
  }

  function keyInCombo(event, combo) {
    const list = listOf(combo);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (list.hidden) {
        filter(list, () => true);
        showNames(combo, true);
      }
      move(list, step, typedIn(combo));
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      showNames(combo, false);
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      const chosen = activeOf(list) ?? (optionsOf(list).length === 1 ? optionsOf(list)[0] : null);
      if (chosen) choose(combo, chosen);
    }
  }

  /* --- uploads */

  async function send(file) {
    const headers = { "X-File-Name": encodeURIComponent(file.name) };
    headers["Content-Type"] = file.type || "application/octet-stream";
    try {
      const answer = await fetch(UPLOADS, { method: "POST", body: file, headers });
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  async function fillUpload(input) {
    const upload = input.closest("[data-upload]");
    const name = upload.querySelector("[data-name]");
    const held = upload.querySelector("input[type=hidden]");
    const file = input.files[0];
    if (!file) return;
    name.textContent = upload.dataset.busy;
    const kept = await send(file);
    input.value = "";
    name.textContent = kept ? kept.name : upload.dataset.failed;
    held.value = kept ? JSON.stringify(kept) : "";
    upload.querySelector("[data-remove]").hidden = !kept;
    report(held);
  }

  function clearUpload(button) {
    const upload = button.closest("[data-upload]");
    upload.querySelector("input[type=hidden]").value = "";
    upload.querySelector("[data-name]").textContent = "";
    button.hidden = true;
    upload.querySelector("input[type=file]").focus();
    report(upload.querySelector("input[type=hidden]"));
  }

  /* --- the list of personas on a phone, the clock's controls */

  const drawerButton = () => document.querySelector("[data-drawer-open]");

  function openDrawer(open) {
    const button = drawerButton();
    if (!button || (button.getAttribute("aria-expanded") === "true") === open) return;
    document.body.classList.toggle("drawer", open);
    button.setAttribute("aria-expanded", String(open));
    if (open) document.querySelector("#people [aria-current], #people a")?.focus();
    else button.focus();
  }

  function showClock(shown) {
    const clock = document.querySelector("[data-clock]");
    clock.toggleAttribute("data-open", shown);
    clock.querySelector("[data-clock-toggle]").setAttribute("aria-expanded", String(shown));
  }

  /* --- events of the whole page */

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    if (on("[data-drawer-open]")) openDrawer(true);
    if (on("[data-drawer-close]")) openDrawer(false);
    if (on("[data-clock-toggle]")) showClock(!document.querySelector("[data-clock]").hasAttribute("data-open"));
    else if (!on("[data-clock]")) showClock(false);
    if (on("[data-remove]")) clearUpload(on("[data-remove]"));
    const jump = on("[data-jump]");
    if (jump) toBottom(jump.closest("[data-pane]").querySelector("[data-log]"));
    const toggle = on("[data-commands-toggle]");
    if (toggle) {
      const { box, panel } = commandsOf(toggle);
      filter(panel, () => true);
      showCommands(toggle, panel.hidden);
      box.focus();
    } else document.querySelectorAll("[data-commands]:not([hidden])").forEach((panel) => {
      if (!on("[data-message]") || !panel.closest("[data-pane]").contains(event.target)) showCommands(panel, false);
    });
    const command = on("[data-command]");
    if (command) {
      const { box } = commandsOf(command);
      if (box.value.startsWith("/")) emptied(box);
      box.focus();
      reading.delete(box.closest("[data-pane]").querySelector("[data-log]"));
    }
    const name = on("[data-combo] [role=option]");
    if (name) choose(name.closest("[data-combo]"), name);
  });

  document.addEventListener("mousedown", (event) => {
    if (event.target.closest("[data-combo] [role=option]")) event.preventDefault();
  });

  document.addEventListener("input", (event) => {
    const target = event.target;
    if (target.matches("[data-message]")) typed(target);
    if (target.matches("[role=combobox]")) lookFor(target.closest("[data-combo]"));
  }, true);

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-upload] input[type=file]")) fillUpload(event.target);
  });

  document.addEventListener("focusin", (event) => {
    const combo = event.target.matches?.("[role=combobox]") && event.target.closest("[data-combo]");
    if (combo && !typedIn(combo).value) {
      filter(listOf(combo), () => true);
      showNames(combo, true);
    }
  });

  document.addEventListener("focusout", (event) => {
    const combo = event.target.closest?.("[data-combo]");
    if (combo && !combo.contains(event.relatedTarget)) showNames(combo, false);
  });

  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (target.matches?.("[data-message]")) keyInBox(event, target);
    else if (target.matches?.("[role=combobox]")) keyInCombo(event, target.closest("[data-combo]"));
    else if (event.key === "Escape" && !document.querySelector("dialog[open]")) {
      openDrawer(false);
      showClock(false);
    }
  }, true);

  /* Back and forward lead to other chats, which the server draws; a step within the page is none of those. */
  const address = () => location.pathname + location.search;
  let shown = address();
  window.addEventListener("popstate", () => {
    if (address() !== shown) location.reload();
  });

  /* --- what the server's event handlers call */

  window.webchat = {
    /** The values of the form in a window: for each name the list of its values. */
    values(dialog) {
      const collected = {};
      for (const [name, value] of new FormData(dialog.querySelector("form")))
        if (typeof value === "string") (collected[name] ??= []).push(value);
      return collected;
    },

    /** Hand over what was typed and empty the box. */
    send(event, emit) {
      event.preventDefault();
      const box = event.target.querySelector("[data-message]");
      const text = box.value.trim();
      if (!text) return;
      emptied(box);
      reading.delete(box.closest("[data-pane]").querySelector("[data-log]"));
      emit(text);
    },

    /** Send a file to the server, then hand over what names it there. */
    async attach(input, emit) {
      const file = input.files[0];
      if (!file) return;
      input.closest("label").classList.add("busy");
      const kept = await send(file);
      input.value = "";
      input.closest("label").classList.remove("busy");
      emit(kept);
    },

    /** Go to the first answer that was refused. */
    focusError(dialogId) {
      requestAnimationFrame(() => {
        const field = document.getElementById(dialogId)?.querySelector(".field-wrong");
        field?.querySelector(":is(input:not([type=hidden]), textarea, select)")?.focus();
        field?.scrollIntoView({ block: "center" });
      });
    },

    closeDrawer: () => openDrawer(false),

    /** Other chats are shown now: the keyboard goes to the first of them. */
    entered() {
      shown = address();
      requestAnimationFrame(() => document.querySelector("[data-message]")?.focus({ preventScroll: true }));
    },
  };
})();
