"""Words that stand nowhere else: who plants them, what is provoked with them, and where they are looked for."""
