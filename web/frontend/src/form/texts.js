// The words around a form, in both languages. The words inside it are in ../zh/form-viewer.json.

const CHINESE = {
  saved: (time) => `已保存 ${time}`,
  saving: "正在保存…",
  changed: "有未保存的修改",
  saveFailed: "未能保存，稍后自动重试",
  saveRefused: "该任务已办结或已变化，草稿未保存，填写的内容仍在页面上",
  saveStale: "草稿在别处更新过，本页未保存",
  otherDraft: "这份草稿在别的窗口或电脑上更新过，本页的修改没有保存。",
  takeOther: "载入别处的草稿（放弃本页修改）",
  keepMine: "以本页内容为准",
  submitting: "正在提交…",
  submitted: "已提交",
  corrections: (count) => `有 ${count} 处需要更正：`,
  conflict: "该任务已发生变化，请刷新页面后再办理。",
  forbidden: "您没有办理此任务的权限，或登录已失效。",
  signIn: "重新登录",
  openCase: "打开案件",
  backToList: "返回工作清单",
  unreachable: "无法连接服务器，填写的内容仍在页面上，请稍后再提交。",
  failed: (status) => `提交未成功（${status}），填写的内容仍在页面上。`,
};

const ENGLISH = {
  saved: (time) => `Saved ${time}`,
  saving: "Saving…",
  changed: "Unsaved changes",
  saveFailed: "Not saved, will try again",
  saveRefused: "This task is done or has changed: the draft was not saved, your entries are still on this page",
  saveStale: "The draft was updated elsewhere; this page is not saved",
  otherDraft: "This draft was updated in another window or on another computer, so the changes of this page were not saved.",
  takeOther: "Load the other draft and give up this page's changes",
  keepMine: "Keep what this page holds",
  submitting: "Submitting…",
  submitted: "Submitted",
  corrections: (count) => (count === 1 ? "One entry needs correction:" : `${count} entries need correction:`),
  conflict: "This task has changed. Reload the page before going on.",
  forbidden: "You may not complete this task, or your session has ended.",
  signIn: "Sign in again",
  openCase: "Open the case",
  backToList: "Back to the work list",
  unreachable: "The server cannot be reached. Your entries are still on this page; submit again later.",
  failed: (status) => `The form was not submitted (${status}). Your entries are still on this page.`,
};

/** @param {boolean} chinese */
export const textsFor = (chinese) => (chinese ? CHINESE : ENGLISH);
