# complete.zsh SETUP LINE: types LINE and a tab at a zsh that has read SETUP, and prints the line that comes of it.
zmodload zsh/zpty
zpty shell zsh -f -i
# The words are put together by the shell: its echo of these lines does not have them.
zpty -w shell "source $1; show() { print -r -- '<'\"\$BUFFER\"'>' }; zle -N show; bindkey '^X' show; print REA''DY"
zpty -r shell out '*READY*'
zpty -w -n shell "$2"$'\t\x18'
zpty -r shell out '*<taleus *>*'
print -r -- "${${out##*<}%%>*}"
