// The page of a campaign follows it while runs are to come, and is made anew when a run has ended.

const every = 2000; // ms

async function follow() {
  const response = await fetch(document.body.dataset.live);
  if (!response.ok) return;
  const now = await response.json();
  const before = Number(document.getElementById("done").textContent);
  for (const name of ["done", "valid", "invalid", "unknown"]) document.getElementById(name).textContent = now[name];
  const progress = document.getElementById("progress");
  if (progress) progress.value = now.done;
  if (now.done !== before) await refresh();
  if (now.unfinished) setTimeout(retry, every);
}

// refresh takes over the page as it is now, but for what has the focus.
async function refresh() {
  const response = await fetch(location.href);
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (!document.querySelector("main").contains(document.activeElement)) document.querySelector("main").replaceWith(page.querySelector("main"));
}

// retry goes on when the server does not answer for a while.
function retry() {
  follow().catch(() => setTimeout(retry, 5 * every));
}

if (document.getElementById("progress")) setTimeout(retry, every);
