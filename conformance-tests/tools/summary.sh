#!/usr/bin/env bash
# Sums up all test reports below the current directory: what was skipped and why, what failed, and
# as the last line `N passed, N failed`. Exits 1 when a test failed or when none ran. A build that
# ended with another status than 0, and without a failed test, counts as one that failed.
#
# usage: summary.sh [STATUS]
set -u

report() {
  find . -path '*/target/*-reports/TEST-*.xml' -not -path './.git/*' -print0 |
    xargs -0 -r awk '
      # The value of an attribute of the tag in the text, its entities resolved.
      function attribute(text, name, value) {
        if (!match(text, "[ \t]" name "=\"[^\"]*\"")) return ""
        value = substr(text, RSTART + length(name) + 3, RLENGTH - length(name) - 4)
        gsub(/&#10;|\n/, " ", value); gsub(/&quot;/, "\"", value); gsub(/&apos;/, "\x27", value)
        gsub(/&lt;/, "<", value); gsub(/&gt;/, ">", value); gsub(/&amp;/, "\\&", value)
        return substr(value, 1, 300)
      }
      BEGIN { RS = "<" }
      /^testcase[ \t\n]/ { ran++; test = attribute($0, "classname") "." attribute($0, "name"); counted = 0 }
      /^skipped/ { skipped++; print "skipped: " test ": " attribute($0, "message") }
      # A test that fails twice over (in itself and in its clean-up) is one failed test.
      /^(failure|error)[ \t\n>\/]/ { if (!counted++) failed++; print "failed: " test ": " attribute($0, "message") }
      END { print "total", ran + 0, skipped + 0, failed + 0 }
    '
}

passed=0
failed=0
while IFS= read -r line; do
  case $line in
    "total "*)
      # xargs may have split the files among several runs of awk.
      read -r _ ran skips failures <<<"$line"
      passed=$((passed + ran - skips - failures))
      failed=$((failed + failures))
      ;;
    *) echo "$line" ;;
  esac
done < <(report)

if [ "${1:-0}" != 0 ] && [ "$failed" = 0 ]; then
  echo "failed: the build: ended with status $1; its output says why"
  failed=1
fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
