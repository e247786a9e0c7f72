ask-title = Ask about this persona
ask-about = Answers come from this persona's own records only; every sentence leads to the words that prove it.
ask-question = Your question, in Arabic or English
ask-send = Ask
ask-answer = Answer
ask-narrative = In a few sentences
ask-untold = The data doesn't tell. Nobody of this persona wrote about that.
ask-evidence = Evidence
ask-records = Records:
ask-by-model = Written by the language model { $it }; each sentence was checked against its evidence.
ask-by-evidence = Made of the evidence itself, without a language model.
ask-dropped =
    { $n ->
        [one] One sentence of the model could not be proved and was dropped.
       *[other] { $n } sentences of the model could not be proved and were dropped.
    }
ask-set-aside =
    { $n ->
        [one] One record was left out because it gives orders to a machine.
       *[other] { $n } records were left out because they give orders to a machine.
    }
ask-empty = Write a question first.
ask-too-long = Shorten the question to { $n } characters.
ask-link = Ask about them
