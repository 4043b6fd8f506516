// SPDX-License-Identifier: Apache-2.0

extension HelpTopic {
    /// Chinese. Not yet reviewed by a native reader.
    var chinese: String {
        switch self {
        case .start:
            """
            入门
            在底部的输入行写字，按 Enter 发送。“正在发送…”消失时，服务器已保存您的消息。
            F2 打开菜单，其中有您能做的一切。可用任何文字输入词语来筛选，用方向键选择，再按 Enter。
            F6 列出频道，F3 列出话题，F4 列出在场人员。再按同一键或按 Esc 返回。
            F8 转到下一条未读消息：先是提及您的，然后是话题，最后是频道。
            “以来的新消息”一行标明您上次读到的位置，在您回来之前不会移动。
            Tab 转到下一栏。在消息栏中用方向键选择一条，按 Enter 在其话题中回复。
            在空行中输入 ？ 显示所在栏的帮助。/help threads 显示该名称的帮助。
            按两次 Ctrl+C 或输入 /quit 退出。未发送的内容会保留，下次发送。
            """
        case .keys:
            """
            按键
            任何地方：F1 或 ？ 帮助，F2 或 Ctrl+P 菜单，F3 话题，F4 人员，F5 搜索，F6 频道。
            F7 在话题与频道之间切换，F8 转到下一条未读，F9 发起话题，F12 重发未发出的消息。
            Tab 和 Shift+Tab：下一栏和上一栏。在 @、#、/ 或 : 之后，Tab 补全词语。
            Alt+Up 和 Alt+Down：上一个和下一个频道。PgUp 和 PgDn 滚动。Ctrl+Home：第一条未读。\
            Ctrl+End：最新。
            在空行中按 Ctrl+K：按名称前往频道、话题或人员。
            书写：Enter 发送，Alt+Enter 或 Ctrl+J 换行，在空行中按 Up 调出您自己的消息。
            Ctrl+_ 撤销输入。Ctrl+X Ctrl+E 打开您自己的编辑器。粘贴的文字不会自动发送。
            消息：Enter 回复，空格标为读到此处，Ctrl+Y 复制，F2 显示全部操作。
            字母键是附加的：r 回复，y 复制，o 链接，p 置顶，d 删除，n 下一条未读，/ 搜索。
            字母按其在键盘上的位置识别，因此在俄文和阿拉伯文键盘上也有效。
            Esc 关闭、取消并回到输入行。Ctrl+L 重绘屏幕，Ctrl+Z 暂停程序。
            """
        case .threads:
            """
            话题
            话题是频道中的讨论，有标题和编号：practices/12 是 practices 的话题 12。
            F3 列出话题。输入文字可筛选，Enter 打开话题，F9 发起新话题。
            要回复一条消息，先选择它再按 Enter：回复会进入它的话题。
            输入行上方写明您的文字发往何处。F7 在话题与频道之间切换。
            也可输入 /thread new TITLE、/thread title TEXT、/thread close 和 \
            /thread reopen。/12 进入话题 12。
            /follow 提醒您话题的每条消息，/mute 一概不提醒，/unmute 与频道相同。
            已关闭的话题人人可读，只有主持人可以发言。
            使用其他程序的人在文字前看到编号，并可像频道一样进入话题：/join practices/12
            """
        case .search:
            """
            搜索
            F5，或 /search 加词语，在服务器上查找消息。所有词语都必须出现。
            "引号中的词语"必须按此顺序出现。星号代表任意结尾：report*
            不区分大小写、重音和阿拉伯文元音符号。中文须输入两个或更多的字。
            用方向键选择结果，按 Enter 前往。
            文件可按文号查找：A/HRC/50/64
            只能找到您有权阅读的内容：您所在的频道和您自己的私聊。
            Ctrl+K 按名称查找频道、话题和人员。/goto 2026-11-23 转到某日。
            在程序之外还有更多用法：plenary search --help
            """
        case .moderation:
            """
            主持
            在消息、人员或话题上按 F2：主持人的操作在菜单末尾。
            /hide 隐藏消息，可以撤销。/remove 永久删除消息。
            /mute NAME 10m REASON 禁止某人发言，/kick 移出，/ban 封禁。/unmute 和 \
            /unban 予以解除。
            /slow 30s 允许每人每 30 秒发一条消息。/lock 使话题或频道只有主持人可以发言。
            每项操作都要写明理由。成员看到理由的用词，主持人还能看到您的说明。
            事先会显示将要发生什么。多数操作在 20 秒内可以撤销，删除不可撤销。
            /modlog 显示做了什么、由谁做、为何做。
            任何人都可以向主持人举报消息或人员：/report NAME text。其他人看不到。
            """
        case .languages:
            """
            语言
            Plenary 使用阿拉伯文、中文、英文、法文、俄文和西班牙文。/lang fr 立即切换，F2 菜单中也有。
            长期保留：plenary config set lang fr
            命令在每种语言中都有名称：/help 也可写作 /aide、/ayuda、/помощь、/帮助 和 /مساعدة。
            中文键盘的 ／ ＃ ＠ ？ 和阿拉伯文键盘的 ؟ 等同于 / # @ ?
            消息保持其书写时的语言。/say ar text 标明一条消息的语言。
            阿拉伯文由 Plenary 自行连写并从右到左排列。如显示有误，请查看设置中的“从右到左的文字”。
            Ctrl+Y 按原文复制消息；用鼠标复制的是屏幕上的顺序。
            """
        case .offline:
            """
            离线时
            连接中断时，Plenary 会自行重试。在空行中按 Enter 立即重试。
            您可以继续书写：内容保存在本机，显示为待发送，稍后按顺序发送。
            服务器保存之前，任何内容都不会显示为已发送；任何内容都不会重复送达。
            “未发送”会说明服务器拒绝的原因。F12 或 /retry 可重新发送。
            等待超过 24 小时的内容，会先询问您再发送。
            恢复连接后会加载您错过的消息。如有缺失，会有一行说明；在该行按 Enter 加载。
            未写完的文字和未发送的消息在下次启动时仍然保留。
            """
        case .plain:
            """
            纯文本行模式
            纯文本行模式逐行输出，适用于屏幕阅读器、管道和简单终端。
            用 /plain 或 plenary chat --plain 选择，或长期使用：plenary config set \
            ui.plain true
            消息在前，时间在后。不移动光标，也不需要颜色。
            /read 5 重读最后五条消息，/next 读下一条未读消息，/where 说明您的位置。
            /reply 在话题中回复他人的最后一条消息。/12 text 写到话题 12。
            只有提及您或私聊您时才会响铃。关闭：plenary config set ui.bell false
            您输入时可能会出现新消息。您正在输入的一行不会丢失。
            """
        case .commands:
            """
            命令
            命令以斜杠开头：/help。要发送以斜杠开头的文字，请写两个斜杠：//text
            不是命令的词语绝不会发送：程序会告诉您可能想输入的命令。
            大写部分需要填写。[方括号]中的部分可以省略。
            消息可用作者的名字（其最后一条）、NAME~2（前一条）或 ~1（全部中的最后一条）表示。
            理由是一个词，后面可加您自己的话：off-topic personal-data wrong-channel \
            abusive spam safety other
            """
        }
    }
}
