// The words of the workbench's editors, in both languages.

const clock = (moment) => moment.toTimeString().slice(0, 8);

const CHINESE = {
  changed: () => "有未保存的修改",
  saving: () => "正在保存…",
  saved: (version, moment) => `已保存 ${clock(moment)}（第 ${version} 稿）`,
  held: () => "未保存：请先选择以哪一份为准",
  notSaved: (reason) => `未能保存，稍后自动重试：${reason}`,
  failed: (reason) => `文件无法打开：${reason}`,
  lookBeside: "对照查看",
  mineCounts: "以我的为准",
  theirsCounts: "改用对方的",
  saveAsNew: "把我的另存为新草稿",
  unsaved: (moment) => `本浏览器中留有 ${moment.toLocaleString("zh-CN")} 未保存到服务器的内容。`,
  unsavedTitle: "留在本浏览器中的内容",
  takeUnsaved: "载入",
  dropUnsaved: "丢弃",
  theirsTitle: (version) => `对方保存的第 ${version} 稿`,
  close: "关闭",
  noDifference: "运行内容没有差别",
  kinds: { added: "新增", removed: "删除", changed: "修改", moved: "移动" },
  found: (errors, warnings) => (errors + warnings ? `检查结果：错误 ${errors}，提醒 ${warnings}` : "检查结果：没有发现问题"),
  notChecked: (reason) => `暂时无法检查：${reason}`,
  error: "错误",
  warning: "提醒",
};

const ENGLISH = {
  changed: () => "Changes not saved yet",
  saving: () => "Saving…",
  saved: (version, moment) => `Saved ${clock(moment)} (state ${version})`,
  held: () => "Not saved: choose which state counts",
  notSaved: (reason) => `Not saved, trying again: ${reason}`,
  failed: (reason) => `The file cannot be opened: ${reason}`,
  lookBeside: "Look at both",
  mineCounts: "Mine counts",
  theirsCounts: "Take theirs",
  saveAsNew: "Keep mine as a new draft",
  unsaved: (moment) => `This browser holds changes of ${moment.toLocaleString("en-GB")} that the server never got.`,
  unsavedTitle: "What this browser holds",
  takeUnsaved: "Take them",
  dropUnsaved: "Drop them",
  theirsTitle: (version) => `State ${version}, as the other saved it`,
  close: "Close",
  noDifference: "Both run the same",
  kinds: { added: "Added", removed: "Removed", changed: "Changed", moved: "Moved" },
  found: (errors, warnings) => (errors + warnings ? `Findings: ${errors} errors, ${warnings} warnings` : "Findings: none"),
  notChecked: (reason) => `Cannot be checked for now: ${reason}`,
  error: "Error",
  warning: "Warning",
};

export const textsFor = (chinese) => (chinese ? CHINESE : ENGLISH);
